/** Counts an attempt of `key` at `now`. @returns the seconds to wait if there were too many, otherwise undefined. */
type RateLimiter = (key: string, now: Date) => number | undefined;

const MAX_KEYS = 10_000;

/** At most `max` attempts per key in windows of `seconds`, counted in this process. */
export function createRateLimiter({ max, seconds }: { max: number; seconds: number }): RateLimiter {
  const windows = new Map<string, { since: number; attempts: number }>();
  return (key, now) => {
    const at = now.getTime();
    const last = windows.get(key);
    const window = last && at - last.since < seconds * 1000 ? last : { since: at, attempts: 0 };
    window.attempts += 1;
    windows.set(key, window);
    if (windows.size > MAX_KEYS) deleteOldest(windows);
    if (window.attempts <= max) return undefined;
    return Math.max(Math.ceil((window.since + seconds * 1000 - at) / 1000), 1);
  };
}

function deleteOldest(windows: Map<string, unknown>): void {
  const [oldest] = windows.keys();
  if (oldest !== undefined) windows.delete(oldest);
}
