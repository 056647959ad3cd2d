import { formatTimestamp } from '#lib/contract/timestamp.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const pad = (value: number, digits: number) => String(value).padStart(digits, '0');
const minutes = Array.from({ length: 1440 }, (_, n) => `${pad(Math.floor(n / 60), 2)}:${pad(n % 60, 2)}:`);
const seconds = Array.from({ length: 60 }, (_, second) => pad(second, 2));
const millis = Array.from({ length: 1000 }, (_, milli) => `.${pad(milli, 3)}000`);
let [day, date] = [Number.NaN, ''];

/** `formatTimestamp` for instants from 1970 on that mostly come day by day: the date's text is kept until the next one. */
export function formatMoment(at: number): string {
  const inDay = at % DAY;
  if (at - inDay !== day) {
    day = at - inDay;
    date = formatTimestamp(day).slice(0, 11);
  }
  const inMinute = inDay % MINUTE;
  const time = `${minutes[(inDay - inMinute) / MINUTE]}${seconds[Math.floor(inMinute / 1000)]}`;
  return date + time + millis[inMinute % 1000];
}
