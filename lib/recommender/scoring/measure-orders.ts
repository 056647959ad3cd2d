import type { Connection, Pool } from '#db/client.ts';
import { listDeliveries } from '../facts/list-deliveries.ts';
import type { DeliveredOrder } from '../facts/order-facts.ts';
import {
  type Benchmark,
  chooseBenchmark,
  isLargeEnough,
  percentileShares,
  type Sample,
  windowMicros,
} from '../policy/benchmark.ts';
import type { Policy } from '../policy/rules.ts';
import { rollPercentiles } from './rolling-percentiles.ts';

/** An order with the benchmark that its minutes are compared with. */
export type MeasuredOrder = { order: DeliveredOrder; benchmark: Benchmark };

/** Measures orders against the other deliveries of their locations. @returns them location by location. */
export async function measureOrders(
  connection: Connection | Pool,
  policy: Policy,
  orders: DeliveredOrder[],
): Promise<MeasuredOrder[]> {
  const measured: MeasuredOrder[][] = [];
  for (const [location, group] of Map.groupBy(orders, (order) => order.location))
    measured.push(
      location === null
        ? measureByServiceLevel(policy, group)
        : await measureLocation(connection, policy, location, group),
    );
  return measured.flat();
}

/** Without a location there are no other deliveries to compare with. */
function measureByServiceLevel(policy: Policy, orders: DeliveredOrder[]): MeasuredOrder[] {
  const benchmark = chooseBenchmark(policy, undefined, undefined);
  return orders.map((order) => ({ order, benchmark }));
}

/**
 * One ordered read and one pass over the trailing day; another over the trailing week only for the orders whose day
 * has too few deliveries.
 */
async function measureLocation(
  connection: Connection | Pool,
  policy: Policy,
  location: string,
  orders: DeliveredOrder[],
): Promise<MeasuredOrder[]> {
  const inTime = orders.toSorted((a, b) => a.deliveredAt - b.deliveredAt);
  const shares = percentileShares(policy);

  /** The sample before each of `some`, which are in the order of delivery. */
  async function sample(some: DeliveredOrder[], span: number): Promise<(Sample | undefined)[]> {
    const [first, last] = [some.at(0), some.at(-1)];
    if (!first || !last) return [];
    const deliveries = await listDeliveries(connection, location, first.deliveredAt - span, last.deliveredAt);
    const rolling = rollPercentiles(deliveries, span, shares);
    return some.map((order) => rolling.at(order.deliveredAt));
  }

  const days = await sample(inTime, windowMicros.trailing_day);
  const sparse = inTime.filter((_, at) => !isLargeEnough(policy, days[at]));
  const weeks = await sample(sparse, windowMicros.trailing_week);
  const weekOf = new Map(sparse.map((order, at) => [order.orderId, weeks[at]]));
  return inTime.map((order, at) => ({
    order,
    benchmark: chooseBenchmark(policy, days[at], weekOf.get(order.orderId)),
  }));
}
