import type { Pool } from '#db/client.ts';
import { getDeliveries } from './get-deliveries.ts';
import { describePolicy } from './policy/describe-policy.ts';
import { getActivePolicy } from './policy/get-active-policy.ts';
import type { PolicyAnswer } from './policy/score-order.ts';
import { scoreOrders } from './score-orders.ts';

/** What the active policy says now about a delivered order, and its rules in words; undefined where it is not delivered. */
export async function getPolicyAnswer(
  pool: Pool,
  orderId: string,
): Promise<{ policyAnswer: PolicyAnswer; rules: string } | undefined> {
  const policy = await getActivePolicy(pool);
  const [policyAnswer] = await scoreOrders(pool, policy, await getDeliveries(pool, [orderId]));
  return policyAnswer && { policyAnswer, rules: describePolicy(policy) };
}
