import { inTransaction, type Pool } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { insertRecommendations, lockRecommendations, ofPolicy } from '../insert-recommendations.ts';
import { getActivePolicy } from '../policy/get-active-policy.ts';
import { scoreUnfinished } from '../policy/score-unfinished.ts';
import { findHorizon, listUndelivered } from './list-undelivered.ts';

/**
 * Recommends what the active policy grants to orders that were not delivered in its time, in one transaction that
 * also notes how far it has looked. The policy alone decides them. @returns how many there were, at most `limit`.
 */
export async function scoreUndelivered(pool: Pool, clock: Clock, limit: number): Promise<number> {
  return inTransaction(pool, async (connection) => {
    await lockRecommendations(connection);
    const policy = await getActivePolicy(connection);
    const afterMinutes = policy.undeliveredAfterMinutes;
    const horizon = afterMinutes === null ? undefined : await findHorizon(connection, afterMinutes);
    if (afterMinutes === null || !horizon) return 0;
    const orders = await listUndelivered(connection, horizon, afterMinutes, limit);
    const answers = orders.flatMap((order) => scoreUnfinished(policy, order, 'undelivered') ?? []);
    await insertRecommendations(connection, answers.map(ofPolicy), clock.now());
    if (orders.length < limit)
      await connection.query('update recommender.stream set undelivered_until = $1', [horizon.until]);
    return orders.length;
  });
}
