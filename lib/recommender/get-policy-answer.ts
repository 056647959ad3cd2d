import type { Pool } from '#db/client.ts';
import { describePolicy } from './policy/describe-policy.ts';
import { getActivePolicy } from './policy/get-active-policy.ts';
import type { PolicyAnswer } from './policy/score-order.ts';
import { scoreById } from './score-by-id.ts';

/**
 * What the active policy says now about an order, and its rules in words; undefined where it is neither delivered nor
 * over its time.
 */
export async function getPolicyAnswer(
  pool: Pool,
  orderId: string,
): Promise<{ policyAnswer: PolicyAnswer; rules: string } | undefined> {
  const policy = await getActivePolicy(pool);
  const [policyAnswer] = await scoreById(pool, policy, [orderId]);
  return policyAnswer && { policyAnswer, rules: describePolicy(policy) };
}
