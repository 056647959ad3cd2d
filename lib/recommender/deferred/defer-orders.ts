import { sql } from 'drizzle-orm/sql';
import type { Connection, Database } from '#db/client.ts';
import { integer, named, text, textArray } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { OperatorError } from '#lib/errors.ts';
import type { Bounds } from '../policy/compute-refund.ts';
import type { PolicyAnswer } from '../policy/score-order.ts';
import {
  fromPolicy,
  insertRecommendations,
  type Relation,
  recommendationOf,
} from '../recommendations/insert-recommendations.ts';

const findRecommended = statement({
  params: { orderIds: textArray },
  returns: { orderId: text },
  sql: ({ orderIds }) => sql`
    -- one row per order that was deferred or answered before
    select distinct order_id
    from recommender.refund_recommendations
    where order_id = any (${orderIds})`,
});

/**
 * Queues orders for the agent: each gets a recommendation without an answer, which people see, and an entry in the
 * queue, unless it has a recommendation of any kind. Where the policy leaves an agent nothing to choose, its own answer is
 * stored at once. The transaction must hold the lock. @returns how many were new.
 */
export async function deferOrders(
  connection: Connection,
  answers: PolicyAnswer[],
  now: Date,
): Promise<number> {
  const orderIds = answers.map(({ order }) => order.orderId);
  const known = new Set((await findRecommended(connection, { orderIds })).map(({ orderId }) => orderId));
  const fresh = answers.filter(({ order }) => !known.has(order.orderId));
  return queueOrders(connection, fresh, now, 'first');
}

/** The same for orders that may have recommendations, to which theirs are as `relation` says. */
export async function queueOrders(
  connection: Connection,
  answers: PolicyAnswer[],
  now: Date,
  relation: Relation,
): Promise<number> {
  const { settled = [], open = [] } = Object.groupBy(answers, ({ bounds }) =>
    leavesNoChoice(bounds) ? 'settled' : 'open',
  );
  await connection.query(
    `
    insert into recommender.deferred_orders (order_id, rerun, since, not_before)
    select order_id, 0, $2, $2
    from unnest($1::text[]) as fresh (order_id)
    on conflict do nothing`,
    [open.map(({ order }) => order.orderId), now],
  );
  const deferred = open.map(({ order, policyVersion, evidence }) =>
    recommendationOf(order, {
      source: 'deferred',
      refundClass: null,
      refundCents: null,
      reason: 'It waits for the agent.',
      agentResponse: '',
      policyVersion,
      evidence,
    }),
  );
  return insertRecommendations(connection, [...settled.map(fromPolicy), ...deferred], now, relation);
}

/** Whether there is only one amount that an agent may answer, so that it need not be asked. */
export function leavesNoChoice({ minCents, maxCents }: Bounds): boolean {
  return minCents >= maxCents;
}

const requestRun = statement({
  params: { orderId: text, note: text, requestedBy: text },
  returns: { rerun: named('run', integer) },
  sql: ({ orderId, note, requestedBy }) =>
    sql`select recommender.request_rescore(${orderId}, ${note}, ${requestedBy}) as run`,
});

/**
 * Requests another recommendation for an order, which keeps the earlier ones. The console requests it through the
 * same function of the database. @param params.note what the person knows, at most 2,000 characters.
 * @returns the number of the run, from 1. @throws OperatorError where the order has no recommendation yet.
 */
export async function requestRescore(
  db: Database,
  params: { orderId: string; note: string; requestedBy: string },
): Promise<number> {
  const [known] = await findRecommended(db.pool, { orderIds: [params.orderId] });
  if (!known) throw new OperatorError(`Order ${params.orderId} has no recommendation yet.`);
  const [row] = await requestRun(db.pool, params);
  if (!row) throw new Error('the function always returns a row');
  return row.rerun;
}
