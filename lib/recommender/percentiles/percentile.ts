/** What can be indexed by position: an array, or the head of a larger buffer. */
export type SortedNumbers = { readonly [index: number]: number };

/**
 * The continuous percentile of the first `size` of sorted numbers, bit for bit what Postgres's
 * `percentile_cont` computes: linear interpolation between the two neighbours.
 * @param share from 0 to 1. @param size at least 1.
 */
export function continuousPercentile(sorted: SortedNumbers, size: number, share: number): number {
  const position = share * (size - 1);
  const below = Math.floor(position);
  const low = sorted[below];
  const high = sorted[Math.ceil(position)];
  if (low === undefined || high === undefined) throw new RangeError('a percentile needs at least one value');
  return low + (position - below) * (high - low);
}
