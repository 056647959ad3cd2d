import type { Instant } from './copy-rows.ts';
import { COLON, MINUS, POINT, SPACE, ZERO } from './plain-bytes.ts';

/** Letters of an event time as a simulator writes it. */
export const INSTANT_LENGTH = 26;

/** Events of one day come together, so the last day is kept: as a number YYYYMMDD, and when it began. */
let lastDay = { digits: 0, ms: 0 };

/** Reads an event time as the contract gives it: ISO 8601 in UTC with microseconds. */
export function readInstant(ts: string): Instant {
  const two = (at: number) => ts.charCodeAt(at) * 10 + ts.charCodeAt(at + 1) - 11 * ZERO;
  const seconds = two(11) * 3600 + two(14) * 60 + two(17);
  const micros = two(20) * 10_000 + two(22) * 100 + two(24);
  const day = dayStart(((two(0) * 100 + two(2)) * 100 + two(5)) * 100 + two(8)) ?? Number.NaN;
  return { ms: day + seconds * 1000 + Math.floor(micros / 1000), micros: micros % 1000 };
}

/** Writes an instant the way `readInstant` reads it. */
export function formatInstant({ ms, micros }: Instant): string {
  return `${new Date(ms).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
}

export function isLater(one: Instant, other: Instant): boolean {
  return one.ms > other.ms || (one.ms === other.ms && one.micros > other.micros);
}

/**
 * Reads an event time as a simulator writes it, "YYYY-MM-DD HH:MM:SS.ffffff", from the bytes at `at` into `instant`.
 * @returns false where there is none, of the years from 1970 to 2199.
 */
export function readInstantAt(bytes: Uint8Array, at: number, instant: Instant): boolean {
  const hours = twoAt(bytes, at + 11);
  const minutes = twoAt(bytes, at + 14);
  const seconds = twoAt(bytes, at + 17);
  const micros = twoAt(bytes, at + 20) * 10_000 + twoAt(bytes, at + 22) * 100 + twoAt(bytes, at + 24);
  const date =
    ((twoAt(bytes, at) * 100 + twoAt(bytes, at + 2)) * 100 + twoAt(bytes, at + 5)) * 100 +
    twoAt(bytes, at + 8);
  if (!(hours < 24 && minutes < 60 && seconds < 60 && micros >= 0 && date >= 1970_00_00 && date < 2200_00_00))
    return false;
  const day = hasSeparators(bytes, at) ? dayStart(date) : undefined;
  if (day === undefined) return false;
  instant.ms = day + ((hours * 60 + minutes) * 60 + seconds) * 1000 + Math.floor(micros / 1000);
  instant.micros = micros % 1000;
  return true;
}

function hasSeparators(bytes: Uint8Array, at: number): boolean {
  const date = bytes[at + 4] === MINUS && bytes[at + 7] === MINUS && bytes[at + 10] === SPACE;
  return date && bytes[at + 13] === COLON && bytes[at + 16] === COLON && bytes[at + 19] === POINT;
}

/** The number of two digits, or NaN. */
function twoAt(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - ZERO;
  const ones = (bytes[at + 1] ?? 0) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** When a day began, in milliseconds since 1970; undefined where there is no such day. */
function dayStart(digits: number): number | undefined {
  if (lastDay.digits === digits) return lastDay.ms;
  const text = String(digits).padStart(8, '0');
  const date = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
  const day = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== date) return undefined;
  lastDay = { digits, ms: day.getTime() };
  return lastDay.ms;
}
