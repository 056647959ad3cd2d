/** Counts a try of `key` at `now`. @returns seconds to wait where there were too many, else undefined. */
export type Limiter = (key: string, now: Date) => number | undefined;

const MOST_KEYS = 10_000;

/** At most `max` tries of each key in windows of `seconds`, counted in this process. */
export function createLimiter({ max, seconds }: { max: number; seconds: number }): Limiter {
  const windows = new Map<string, { since: number; tries: number }>();
  return (key, now) => {
    const at = now.getTime();
    const known = windows.get(key);
    const window = known && at - known.since < seconds * 1000 ? known : { since: at, tries: 0 };
    window.tries += 1;
    windows.set(key, window);
    if (windows.size > MOST_KEYS) forgetOldest(windows);
    return window.tries > max
      ? Math.max(Math.ceil((window.since + seconds * 1000 - at) / 1000), 1)
      : undefined;
  };
}

function forgetOldest(windows: Map<string, unknown>): void {
  const [oldest] = windows.keys();
  if (oldest !== undefined) windows.delete(oldest);
}
