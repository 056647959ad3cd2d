import type { PersonContext } from '#lib/auth/types.ts';
import { getOrder } from '#lib/orders/get-order.ts';
import { listOrderEvents } from '#lib/orders/list-order-events.ts';
import { canDecide } from '#lib/refunds/can-decide.ts';
import { getRecommendation } from '#lib/refunds/get-recommendation.ts';
import { listDecisions } from '#lib/refunds/list-decisions.ts';

/** All that the page of an order shows, or undefined where nobody knows the order. */
export async function loadOrder({ db, person }: PersonContext, orderId: string) {
  const [order, events, recommendation, decisions] = await Promise.all([
    getOrder(db, orderId),
    listOrderEvents(db, orderId),
    getRecommendation(db, orderId),
    listDecisions(db, orderId),
  ]);
  if (!order) return undefined;
  const permission = canDecide({ person, recommendation, standing: decisions[0] ?? null });
  return { order, events, recommendation, decisions, permission };
}
