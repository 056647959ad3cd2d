import { windowMicros } from './micros.ts';
import { chooseBenchmark, isEnough } from './policy.ts';
import { rollPercentiles, type Sample, type TimedDelivery } from './rolling-percentiles.ts';
import { type DeliveredOrder, type Recommendation, scoreOrder } from './score-order.ts';

/** Reads a location's deliveries in (after, until], in the order of delivery; microseconds since 1970. */
export type ReadWindow = (after: number, until: number) => Promise<TimedDelivery[]>;

/**
 * Scores orders of one location with one ordered read and one pass over the trailing day, and another over
 * the trailing week only where a day has too few deliveries.
 */
export async function scoreLocation(orders: DeliveredOrder[], read: ReadWindow): Promise<Recommendation[]> {
  const inTime = orders.toSorted((a, b) => a.deliveredAt - b.deliveredAt);
  const days = await sample(inTime, windowMicros.trailing_day, read);
  const sparse = inTime.filter((_, at) => !isEnough(days[at]));
  const weeks = await sample(sparse, windowMicros.trailing_week, read);
  const weekOf = new Map(sparse.map((order, at) => [order.orderId, weeks[at]]));
  return inTime.map((order, at) => scoreOrder(order, chooseBenchmark(days[at], weekOf.get(order.orderId))));
}

/** The sample before each order, in the order of the orders. */
async function sample(
  inTime: DeliveredOrder[],
  span: number,
  read: ReadWindow,
): Promise<(Sample | undefined)[]> {
  const [first, last] = [inTime.at(0), inTime.at(-1)];
  if (!first || !last) return [];
  const rolling = rollPercentiles(await read(first.deliveredAt - span, last.deliveredAt), span);
  return inTime.map((order) => rolling.at(order.deliveredAt));
}
