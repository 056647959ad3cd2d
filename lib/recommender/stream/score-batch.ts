import { type Connection, inTransaction, type Pool } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import type { RefundClass } from '#lib/contract/refund.ts';
import { deferOrders } from '../deferred/defer-orders.ts';
import { getPolicy } from '../policy/policies.ts';
import type { PolicyAnswer } from '../policy/score-order.ts';
import {
  fromPolicy,
  insertRecommendations,
  lockRecommendations,
} from '../recommendations/insert-recommendations.ts';
import { scoreOrders } from '../scoring/score-orders.ts';
import { fixHistory, moveCheckpoint, readCheckpoint, type StreamName } from './checkpoint.ts';
import { listNextDeliveries } from './list-next-deliveries.ts';

/** `defer`: the orders are queued for the agent instead of being answered by the policy. */
export type BatchOptions = { clock: Clock; limit: number; checkpoint: StreamName; defer: boolean };

/**
 * `scored`: of `read` deliveries, `orders` were chosen and `added` got a row they did not have; `byClass` counts what
 * the policy says about those chosen. `caught_up`: there was nothing past the checkpoint.
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
 * Scores the next deliveries in one transaction that also moves the checkpoint. Of several processes, one works while
 * the others wait; after a rollback the same deliveries are scored again, and scoring them again adds nothing. An order
 * that has a recommendation keeps it: where its facts have changed, `reviseChanged` supersedes it.
 */
export async function scoreBatch(pool: Pool, options: BatchOptions): Promise<BatchOutcome> {
  const { clock, limit, checkpoint } = options;
  return inTransaction(pool, async (connection) => {
    await lockRecommendations(connection);
    await fixHistory(connection, clock.now());
    const from = await readCheckpoint(connection, checkpoint);
    const { last, read, chosen } = await listNextDeliveries(connection, checkpoint, from, limit);
    if (!last) return { outcome: 'caught_up' };
    const answers = await scoreOrders(connection, await getPolicy(connection), chosen);
    const added = await write(connection, answers, options);
    await moveCheckpoint(connection, checkpoint, { from, to: last, at: clock.now() });
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
  return insertRecommendations(connection, answers.map(fromPolicy), clock.now(), 'first');
}

function countClasses(answers: PolicyAnswer[]): Record<RefundClass, number> {
  const counts = { none: 0, partial: 0, full: 0 };
  for (const { refundClass } of answers) counts[refundClass] += 1;
  return counts;
}
