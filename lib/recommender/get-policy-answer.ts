import type { Pool } from '#db/client.ts';
import { getDeliveries } from './get-deliveries.ts';
import { getActivePolicy } from './policy/get-active-policy.ts';
import type { PolicyAnswer } from './policy/score-order.ts';
import { scoreOrders } from './score-orders.ts';

/** What the active policy says now about a delivered order, or undefined where it is not delivered. */
export async function getPolicyAnswer(pool: Pool, orderId: string): Promise<PolicyAnswer | undefined> {
  const orders = await getDeliveries(pool, [orderId]);
  const [answer] = await scoreOrders(pool, await getActivePolicy(pool), orders);
  return answer;
}
