import type { Connection } from '#db/client.ts';
import { type MeasuredOrder, measureLocation } from './measure-location.ts';
import { listDeliveries } from './percentiles/list-deliveries.ts';
import { chooseBenchmark } from './policy/benchmark.ts';
import type { Policy } from './policy/rules.ts';
import type { DeliveredOrder } from './policy/score-order.ts';

/** Measures orders against their locations' own deliveries. @returns them location by location. */
export async function measureOrders(
  connection: Pick<Connection, 'query'>,
  policy: Policy,
  orders: DeliveredOrder[],
): Promise<MeasuredOrder[]> {
  const measured: MeasuredOrder[][] = [];
  for (const [location, group] of Map.groupBy(orders, (order) => order.location)) {
    measured.push(await measureGroup(connection, policy, location, group));
  }
  return measured.flat();
}

/** Orders of no known location have nothing to be compared with but the service level. */
async function measureGroup(
  connection: Pick<Connection, 'query'>,
  policy: Policy,
  location: string | null,
  orders: DeliveredOrder[],
): Promise<MeasuredOrder[]> {
  if (location === null) {
    const benchmark = chooseBenchmark(policy, undefined, undefined);
    return orders.map((order) => ({ order, benchmark }));
  }
  return measureLocation(policy, orders, (after, until) =>
    listDeliveries(connection, location, after, until),
  );
}
