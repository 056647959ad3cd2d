import type { Evidence } from '#lib/contract/refund.ts';

const HOUR = 3_600_000_000;

/** The length of the window before a delivery that each basis looks at, in microseconds. */
export const windowMicros = {
  trailing_day: 24 * HOUR,
  trailing_week: 7 * 24 * HOUR,
  service_level: null,
} as const satisfies Record<Evidence['basis'], number | null>;

const FIRST_SECOND = Date.parse('0001-01-01T00:00:00Z') / 1000;
const LAST_SECOND = Date.parse('9999-12-31T23:59:59Z') / 1000;

/**
 * Microseconds since 1970 as ISO 8601 in UTC with all six digits: exact until 2255, within 32 µs beyond, and
 * held within the years 1 to 9999, which every reader of the text understands.
 */
export function isoFromMicros(micros: number): string {
  const second = Math.floor(micros / 1_000_000);
  if (second < FIRST_SECOND) return '0001-01-01T00:00:00.000000Z';
  if (second > LAST_SECOND) return '9999-12-31T23:59:59.999999Z';
  const rest = Math.min(Math.max(micros - second * 1_000_000, 0), 999_999);
  return `${new Date(second * 1000).toISOString().slice(0, 19)}.${String(rest).padStart(6, '0')}Z`;
}
