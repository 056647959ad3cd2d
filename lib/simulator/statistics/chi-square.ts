import type { Pair } from './tally-demand.ts';

export type ChiSquare = { chiSquare: number; freedom: number; critical: number };

/**
 * How far what was created lies from the shape of what was planned, the total being given. Above `critical`, the 99th
 * percentile of the distribution (after Wilson and Hilferty), the shape is not the planned one.
 */
export function testShape(pairs: Pair[]): ChiSquare {
  const created = pairs.reduce((sum, pair) => sum + pair.created, 0);
  const planned = pairs.reduce((sum, pair) => sum + pair.planned, 0);
  const chiSquare = pairs.reduce((sum, pair) => {
    const expected = (created * pair.planned) / planned;
    return sum + (pair.created - expected) ** 2 / expected;
  }, 0);
  const freedom = pairs.length - 1;
  const spread = 2 / (9 * freedom);
  return { chiSquare, freedom, critical: freedom * (1 - spread + 2.326 * Math.sqrt(spread)) ** 3 };
}
