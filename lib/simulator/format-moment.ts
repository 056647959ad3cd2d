import { formatTimestamp } from '#lib/contract/timestamp.ts';

const MINUTE = 60_000;
const seconds = Array.from({ length: 60 }, (_, second) => String(second).padStart(2, '0'));
const millis = Array.from({ length: 1000 }, (_, milli) => `.${String(milli).padStart(3, '0')}000`);
let [minute, prefix] = [Number.NaN, ''];

/** `formatTimestamp` for instants that mostly come minute by minute: the minute's text is kept until the next one. */
export function formatMoment(at: number): string {
  const inMinute = at % MINUTE;
  if (at - inMinute !== minute) {
    minute = at - inMinute;
    prefix = formatTimestamp(minute).slice(0, 17);
  }
  return prefix + seconds[Math.floor(inMinute / 1000)] + millis[inMinute % 1000];
}
