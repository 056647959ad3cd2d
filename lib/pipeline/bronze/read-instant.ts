import type { Instant } from './copy-rows.ts';

/** Events of one day come together, so the last day is kept. */
let lastDay = { text: '', ms: 0 };

/** Reads an event time as the contract gives it: ISO 8601 in UTC with microseconds. */
export function readInstant(ts: string): Instant {
  const two = (at: number) => ts.charCodeAt(at) * 10 + ts.charCodeAt(at + 1) - 11 * 48;
  const seconds = two(11) * 3600 + two(14) * 60 + two(17);
  const micros = two(20) * 10_000 + two(22) * 100 + two(24);
  return {
    ms: dayStart(ts.slice(0, 10)) + seconds * 1000 + Math.floor(micros / 1000),
    micros: micros % 1000,
  };
}

function dayStart(text: string): number {
  if (lastDay.text !== text) lastDay = { text, ms: Date.parse(`${text}T00:00:00Z`) };
  return lastDay.ms;
}
