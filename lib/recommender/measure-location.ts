import { windowMicros } from './micros.ts';
import type { Sample, TimedDelivery } from './percentiles/rolling-percentiles.ts';
import { rollPercentiles } from './percentiles/rolling-percentiles.ts';
import { type Benchmark, chooseBenchmark, isEnough, sharesOf } from './policy/benchmark.ts';
import type { Policy } from './policy/rules.ts';
import type { DeliveredOrder } from './policy/score-order.ts';

/** Reads a location's deliveries in (after, until], in the order of delivery; microseconds since 1970. */
export type ReadWindow = (after: number, until: number) => Promise<TimedDelivery[]>;

/** An order with what its minutes are measured against. */
export type MeasuredOrder = { order: DeliveredOrder; benchmark: Benchmark };

/**
 * Measures orders of one location with one ordered read and one pass over the trailing day, and another over
 * the trailing week only where a day has too few deliveries.
 */
export async function measureLocation(
  policy: Policy,
  orders: DeliveredOrder[],
  read: ReadWindow,
): Promise<MeasuredOrder[]> {
  const inTime = orders.toSorted((a, b) => a.deliveredAt - b.deliveredAt);
  const shares = sharesOf(policy);
  const days = await sample(inTime, windowMicros.trailing_day, shares, read);
  const sparse = inTime.filter((_, at) => !isEnough(policy, days[at]));
  const weeks = await sample(sparse, windowMicros.trailing_week, shares, read);
  const weekOf = new Map(sparse.map((order, at) => [order.orderId, weeks[at]]));
  return inTime.map((order, at) => ({
    order,
    benchmark: chooseBenchmark(policy, days[at], weekOf.get(order.orderId)),
  }));
}

/** The sample before each order, in the order of the orders. */
async function sample(
  inTime: DeliveredOrder[],
  span: number,
  shares: number[],
  read: ReadWindow,
): Promise<(Sample | undefined)[]> {
  const [first, last] = [inTime.at(0), inTime.at(-1)];
  if (!first || !last) return [];
  const rolling = rollPercentiles(await read(first.deliveredAt - span, last.deliveredAt), span, shares);
  return inTime.map((order) => rolling.at(order.deliveredAt));
}
