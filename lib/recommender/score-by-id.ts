import type { Connection } from '#db/client.ts';
import { getDeliveries } from './get-deliveries.ts';
import { getUndelivered } from './get-undelivered.ts';
import type { Policy } from './policy/rules.ts';
import type { PolicyAnswer } from './policy/score-order.ts';
import { scoreUnfinished } from './policy/score-unfinished.ts';
import { scoreOrders } from './score-orders.ts';

/** What a policy says about those of the orders that were delivered, or whose time is over. */
export async function scoreById(
  connection: Pick<Connection, 'query'>,
  policy: Policy,
  orderIds: string[],
): Promise<PolicyAnswer[]> {
  const orders = await getDeliveries(connection, orderIds);
  const answers = await scoreOrders(connection, policy, orders);
  const delivered = new Set(orders.map(({ orderId }) => orderId));
  const rest = orderIds.filter((orderId) => !delivered.has(orderId));
  const afterMinutes = policy.undeliveredAfterMinutes;
  if (rest.length === 0 || afterMinutes === null) return answers;
  const undelivered = await getUndelivered(connection, rest, afterMinutes);
  return [...answers, ...undelivered.flatMap((order) => scoreUnfinished(policy, order, 'undelivered') ?? [])];
}
