import type { Pair } from './tally-demand.ts';

const FOUR_WEEKS = 28;

/** How much the last four weeks ordered beyond the first four, in percent: as planned and as created. */
export type Story = { planned: number; created: number };

/** The story of a location over its days, of which there are 56 or more. Whole weeks, so that no weekday counts twice. */
export function tellStory(days: Pair[]): Story {
  const [first, last] = [days.slice(0, FOUR_WEEKS), days.slice(-FOUR_WEEKS)];
  const growth = (key: keyof Pair) => {
    const sum = (pairs: Pair[]) => pairs.reduce((total, pair) => total + pair[key], 0);
    return (sum(last) / sum(first) - 1) * 100;
  };
  return { planned: growth('planned'), created: growth('created') };
}
