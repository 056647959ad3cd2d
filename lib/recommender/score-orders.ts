import type { Connection } from '#db/client.ts';
import { measureOrders } from './measure-orders.ts';
import type { Policy } from './policy/rules.ts';
import { type DeliveredOrder, type PolicyAnswer, scoreOrder } from './policy/score-order.ts';

/** Scores orders by a policy. @returns the answers in the order of delivery. */
export async function scoreOrders(
  connection: Pick<Connection, 'query'>,
  policy: Policy,
  orders: DeliveredOrder[],
): Promise<PolicyAnswer[]> {
  const measured = await measureOrders(connection, policy, orders);
  return measured
    .map(({ order, benchmark }) => scoreOrder(policy, order, benchmark))
    .sort((a, b) => a.order.deliveredAt - b.order.deliveredAt);
}
