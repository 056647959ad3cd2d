import type { TimedDelivery } from '../facts/list-deliveries.ts';
import type { Sample } from '../policy/benchmark.ts';

/** Percentiles over the window (instant − span, instant]; instants must not run backwards. */
export type RollingPercentiles = { at(instant: number): Sample | undefined };

/**
 * One pass over deliveries in the order of `deliveredAt`: each enters the sorted window once and leaves it once.
 * @param span the window's length in microseconds. @param shares the percentiles wanted, from 0 to 1.
 */
export function rollPercentiles(
  deliveries: readonly TimedDelivery[],
  span: number,
  shares: readonly number[],
): RollingPercentiles {
  const window = new SortedWindow();
  let entered = 0;
  let left = 0;

  function advance(instant: number): void {
    for (let next = deliveries[entered]; next && next.deliveredAt <= instant; next = deliveries[entered]) {
      window.add(next.minutes);
      entered += 1;
    }
    const start = instant - span;
    for (
      let next = deliveries[left];
      left < entered && next && next.deliveredAt <= start;
      next = deliveries[left]
    ) {
      window.remove(next.minutes);
      left += 1;
    }
  }

  return {
    at(instant) {
      advance(instant);
      const { size, values } = window;
      if (size === 0) return undefined;
      return { size, percentiles: shares.map((share) => continuousPercentile(values, size, share)) };
    },
  };
}

/**
 * The continuous percentile of the first `size` of sorted numbers, bit for bit what Postgres's
 * `percentile_cont` computes: linear interpolation between the two neighbours.
 * @param share from 0 to 1. @param size at least 1.
 */
export function continuousPercentile(
  sorted: { readonly [index: number]: number },
  size: number,
  share: number,
): number {
  const position = share * (size - 1);
  const below = Math.floor(position);
  const low = sorted[below];
  const high = sorted[Math.ceil(position)];
  if (low === undefined || high === undefined) throw new RangeError('a percentile needs at least one value');
  return low + (position - below) * (high - low);
}

/** A multiset of numbers in ascending order: the first `size` of `values`. */
export class SortedWindow {
  values = new Float64Array(1024);
  size = 0;

  add(value: number): void {
    if (this.size === this.values.length) this.grow();
    const index = this.indexOf(value);
    this.values.copyWithin(index + 1, index, this.size);
    this.values[index] = value;
    this.size += 1;
  }

  /** Removes one occurrence; throws a RangeError where there is none. */
  remove(value: number): void {
    const index = this.indexOf(value);
    if (index === this.size || this.values[index] !== value)
      throw new RangeError(`${value} is not in the window`);
    this.values.copyWithin(index, index + 1, this.size);
    this.size -= 1;
  }

  /** The first index whose value is not below `value`. */
  private indexOf(value: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.values[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private grow(): void {
    const larger = new Float64Array(this.values.length * 2);
    larger.set(this.values);
    this.values = larger;
  }
}
