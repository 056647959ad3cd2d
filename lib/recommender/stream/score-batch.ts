import { type Connection, inTransaction, type Pool } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import type { RefundClass } from '#lib/contract/refund.ts';
import { insertRecommendations, lockRecommendations, ofPolicy } from '../insert-recommendations.ts';
import { getActivePolicy } from '../policy/get-active-policy.ts';
import type { PolicyAnswer } from '../policy/score-order.ts';
import { scoreOrders } from '../score-orders.ts';
import { deferOrders } from '../waiting/defer-orders.ts';
import { beginStream } from './begin-stream.ts';
import { type CheckpointName, moveCheckpoint, readCheckpoint } from './checkpoint.ts';
import { listPastDeliveries } from './list-past-deliveries.ts';

/** `defer`: orders are put before the agent instead of being answered by the policy. */
export type BatchOptions = { clock: Clock; limit: number; walk: CheckpointName; defer: boolean };

/**
 * `scored`: `read` deliveries were passed, of which `orders` were chosen and `added` got a row they did not have;
 * `byClass` counts what the policy says of those chosen. `caught_up`: there was nothing past the checkpoint.
 */
export type BatchOutcome =
  | {
      outcome: 'scored';
      read: number;
      orders: number;
      added: number;
      byClass: Record<RefundClass, number>;
    }
  | { outcome: 'caught_up' };

/**
 * Scores the next stretch of deliveries in one transaction that also moves the checkpoint. Of several at once, one
 * works and the others wait; what is rolled back is done again, and what is done again adds nothing.
 */
export async function scoreBatch(pool: Pool, options: BatchOptions): Promise<BatchOutcome> {
  const { clock, limit, walk } = options;
  return inTransaction(pool, async (connection) => {
    await lockRecommendations(connection);
    await beginStream(connection, clock.now());
    const from = await readCheckpoint(connection, walk);
    const { last, read, chosen } = await listPastDeliveries(connection, walk, from, limit);
    if (!last) return { outcome: 'caught_up' };
    const answers = await scoreOrders(connection, await getActivePolicy(connection), chosen);
    const added = await write(connection, answers, options);
    if (!(await moveCheckpoint(connection, walk, { from, to: last, at: clock.now() })))
      throw new Error('the checkpoint of the recommender was moved without its lock');
    return { outcome: 'scored', read, orders: chosen.length, added, byClass: countClasses(answers) };
  });
}

async function write(
  connection: Connection,
  answers: PolicyAnswer[],
  { clock, defer }: BatchOptions,
): Promise<number> {
  if (answers.length === 0) return 0;
  if (defer) return deferOrders(connection, answers, clock.now());
  return insertRecommendations(connection, answers.map(ofPolicy), clock.now());
}

function countClasses(answers: PolicyAnswer[]): Record<RefundClass, number> {
  const counts = { none: 0, partial: 0, full: 0 };
  for (const { refundClass } of answers) counts[refundClass] += 1;
  return counts;
}
