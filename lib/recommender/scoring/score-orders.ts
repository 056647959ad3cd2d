import type { Connection, Pool } from '#db/client.ts';
import { type DeliveredOrder, getDeliveries, getUndelivered } from '../facts/order-facts.ts';
import { describePolicy } from '../policy/describe-policy.ts';
import { getPolicy } from '../policy/policies.ts';
import type { Policy } from '../policy/rules.ts';
import { type PolicyAnswer, scoreOrder } from '../policy/score-order.ts';
import { scoreUnfinished } from '../policy/score-unfinished.ts';
import { measureOrders } from './measure-orders.ts';

/** Scores delivered orders by a policy. @returns the answers in the order of delivery. */
export async function scoreOrders(
  connection: Connection | Pool,
  policy: Policy,
  orders: DeliveredOrder[],
): Promise<PolicyAnswer[]> {
  const measured = await measureOrders(connection, policy, orders);
  return measured
    .map(({ order, benchmark }) => scoreOrder(policy, order, benchmark))
    .sort((a, b) => a.order.deliveredAt - b.order.deliveredAt);
}

/** Scores those of the orders that were delivered, or that were not delivered within the policy's time. */
export async function scoreById(
  connection: Connection | Pool,
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

/**
 * What the active policy says now about an order, and its rules in words; undefined for an order that is neither
 * delivered nor past the policy's time.
 */
export async function scoreNow(
  pool: Pool,
  orderId: string,
): Promise<{ policyAnswer: PolicyAnswer; rules: string } | undefined> {
  const policy = await getPolicy(pool);
  const [policyAnswer] = await scoreById(pool, policy, [orderId]);
  return policyAnswer && { policyAnswer, rules: describePolicy(policy) };
}
