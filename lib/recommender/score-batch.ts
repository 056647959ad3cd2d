import { type Connection, inTransaction, type Pool } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import type { RefundClass } from '#lib/contract/refund.ts';
import { moveCheckpoint, readCheckpoint } from './checkpoint.ts';
import { insertRecommendations } from './insert-recommendations.ts';
import { listDeliveries } from './list-deliveries.ts';
import { listUnscoredOrders } from './list-unscored-orders.ts';
import { chooseBenchmark } from './policy.ts';
import { scoreLocation } from './score-location.ts';
import { type DeliveredOrder, type Recommendation, scoreOrder } from './score-order.ts';

/** Every writer of recommendations takes this lock first, so that ids are committed in their order. */
const LOCK = 4_027_020;

/**
 * `scored`: `orders` were read, of which `added` got a new recommendation; `byClass` counts all that were read.
 * `caught_up`: there was nothing past the checkpoint.
 */
export type BatchOutcome =
  | { outcome: 'scored'; orders: number; added: number; byClass: Record<RefundClass, number> }
  | { outcome: 'caught_up' };

/**
 * Scores at most `limit` delivered orders past the checkpoint in one transaction that also moves the
 * checkpoint. Of several at once, one works and the others wait; what is rolled back is done again.
 */
export async function scoreBatch(pool: Pool, clock: Clock, limit: number): Promise<BatchOutcome> {
  return inTransaction(pool, async (connection) => {
    await connection.query('select pg_advisory_xact_lock($1)', [LOCK]);
    const from = await readCheckpoint(connection);
    const orders = await listUnscoredOrders(connection, from, limit);
    const last = orders.at(-1);
    if (!last) return { outcome: 'caught_up' };
    const recommendations = await scoreOrders(connection, orders);
    const now = clock.now();
    const added = await insertRecommendations(connection, recommendations, now);
    if (!(await moveCheckpoint(connection, from, last, now)))
      throw new Error('the checkpoint of the recommender was moved without its lock');
    return { outcome: 'scored', orders: orders.length, added, byClass: countClasses(recommendations) };
  });
}

/** Recommendations in the order of delivery, location by location. */
async function scoreOrders(connection: Connection, orders: DeliveredOrder[]): Promise<Recommendation[]> {
  const scored: Recommendation[] = [];
  for (const [location, group] of Map.groupBy(orders, (order) => order.location)) {
    scored.push(...(await scoreGroup(connection, location, group)));
  }
  return scored.sort((a, b) => a.order.deliveredAt - b.order.deliveredAt);
}

/** Orders of no known location have nothing to be compared with but the service level. */
async function scoreGroup(
  connection: Connection,
  location: string | null,
  orders: DeliveredOrder[],
): Promise<Recommendation[]> {
  if (location === null)
    return orders.map((order) => scoreOrder(order, chooseBenchmark(undefined, undefined)));
  return scoreLocation(orders, (after, until) => listDeliveries(connection, location, after, until));
}

function countClasses(recommendations: Recommendation[]): Record<RefundClass, number> {
  const counts = { none: 0, partial: 0, full: 0 };
  for (const { refundClass } of recommendations) counts[refundClass] += 1;
  return counts;
}
