import { continuousPercentile } from './percentile.ts';
import { SortedWindow } from './sorted-window.ts';

/** A delivery as the percentiles see it: microseconds since 1970 and minutes from created to delivered. */
export type TimedDelivery = { deliveredAt: number; minutes: number };

/** How many deliveries a window holds, and their percentiles in the order of the shares asked for. */
export type Sample = { size: number; percentiles: number[] };

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
