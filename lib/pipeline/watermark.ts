/** How far behind the newest event time the watermark stands; an event older than that is late. */
export const LATENESS = '3 hours';
/** How far an event time may lie ahead of the pipeline's clock and still be believed, in milliseconds. */
const TOLERANCE_MS = 600_000;

/**
 * The newest of two event times that is plausible: at most ten minutes ahead of `now`.
 * Times are ISO 8601 in UTC with microseconds, so that their order is that of their texts.
 */
export function newestPlausible(newest: string | undefined, ts: string, now: Date): string | undefined {
  if (newest !== undefined && ts <= newest) return newest;
  return ts <= plausibleUntil(now) ? ts : newest;
}

function plausibleUntil(now: Date): string {
  return new Date(now.getTime() + TOLERANCE_MS).toISOString();
}
