import type { Evidence } from '#lib/contract/refund.ts';

const HOUR = 3_600_000_000;

/** The length of the window before a delivery that each basis looks at, in microseconds. */
export const windowMicros = {
  trailing_day: 24 * HOUR,
  trailing_week: 7 * 24 * HOUR,
  service_level: null,
} as const satisfies Record<Evidence['basis'], number | null>;

/** Microseconds since 1970 as ISO 8601 in UTC with all six digits. */
export function isoFromMicros(micros: number): string {
  const second = Math.floor(micros / 1_000_000);
  const fraction = String(micros - second * 1_000_000).padStart(6, '0');
  return `${new Date(second * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}
