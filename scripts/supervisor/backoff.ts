/** How a process that keeps dying is restarted. Times in milliseconds. */
export type Backoff = {
  firstMs: number;
  largestMs: number;
  /** A process that lived this long counts as healthy again. */
  healthyMs: number;
  /** From this many quick deaths in a row on, people are told that it does not get up. */
  alarmAfter: number;
};

export const serviceBackoff: Backoff = { firstMs: 500, largestMs: 60_000, healthyMs: 30_000, alarmAfter: 4 };

export type Death = { quickDeaths: number; delayMs: number; alarm: boolean };

/** What to do after a death: the pause doubles with every quick death in a row, up to the largest. */
export function nextRestart(previousQuickDeaths: number, livedMs: number, backoff: Backoff): Death {
  const quickDeaths = livedMs >= backoff.healthyMs ? 0 : previousQuickDeaths + 1;
  const doublings = Math.min(Math.max(quickDeaths - 1, 0), 30);
  return {
    quickDeaths,
    delayMs: Math.min(backoff.firstMs * 2 ** doublings, backoff.largestMs),
    alarm: quickDeaths >= backoff.alarmAfter,
  };
}
