/** A point in time: milliseconds since 1970, and the microseconds beyond them, 0 to 999. */
export type Instant = { ms: number; micros: number };

/** Events of one day come together, so the start of the last day is kept: its text and its milliseconds. */
let lastDay = { date: '', ms: 0 };

const ZERO = 0x30;

/** Reads an event time as the contract gives it: "YYYY-MM-DDTHH:MM:SS.ffffffZ". */
export function readInstant(ts: string): Instant {
  const two = (at: number) => ts.charCodeAt(at) * 10 + ts.charCodeAt(at + 1) - 11 * ZERO;
  const date = ts.slice(0, 10);
  if (date !== lastDay.date) lastDay = { date, ms: Date.parse(`${date}T00:00:00Z`) };
  const seconds = (two(11) * 60 + two(14)) * 60 + two(17);
  const micros = two(20) * 10_000 + two(22) * 100 + two(24);
  return { ms: lastDay.ms + seconds * 1000 + Math.floor(micros / 1000), micros: micros % 1000 };
}
