import type { Connection } from '#db/client.ts';
import { listDeliveries } from './percentiles/list-deliveries.ts';
import { chooseBenchmark } from './policy/benchmark.ts';
import type { Policy } from './policy/rules.ts';
import { type DeliveredOrder, type PolicyAnswer, scoreOrder } from './policy/score-order.ts';
import { scoreLocation } from './score-location.ts';

/** Scores orders by a policy, location by location. @returns the answers in the order of delivery. */
export async function scoreOrders(
  connection: Pick<Connection, 'query'>,
  policy: Policy,
  orders: DeliveredOrder[],
): Promise<PolicyAnswer[]> {
  const scored: PolicyAnswer[][] = [];
  for (const [location, group] of Map.groupBy(orders, (order) => order.location)) {
    scored.push(await scoreGroup(connection, policy, location, group));
  }
  return scored.flat().sort((a, b) => a.order.deliveredAt - b.order.deliveredAt);
}

/** Orders of no known location have nothing to be compared with but the service level. */
async function scoreGroup(
  connection: Pick<Connection, 'query'>,
  policy: Policy,
  location: string | null,
  orders: DeliveredOrder[],
): Promise<PolicyAnswer[]> {
  if (location === null) {
    const benchmark = chooseBenchmark(policy, undefined, undefined);
    return orders.map((order) => scoreOrder(policy, order, benchmark));
  }
  return scoreLocation(policy, orders, (after, until) => listDeliveries(connection, location, after, until));
}
