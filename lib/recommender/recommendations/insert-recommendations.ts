import { advisoryLocks } from '#db/advisory-locks.ts';
import type { Connection } from '#db/client.ts';
import { rowEncoder, sqlNameOf } from '#db/columns.ts';
import { type Recommendation, recommendationColumns } from '#db/recommendation-columns.ts';
import type { DeliveredOrder } from '../facts/order-facts.ts';
import type { PolicyAnswer } from '../policy/score-order.ts';

/** A recommendation that is not stored yet. */
export type NewRecommendation = Omit<Recommendation, 'ts'>;

/** Takes the lock of all writers of recommendations, until the transaction ends. */
export async function lockRecommendations(connection: Connection): Promise<void> {
  await connection.query('select pg_advisory_xact_lock($1)', [advisoryLocks.recommendations]);
}

type Answer = Pick<
  NewRecommendation,
  'source' | 'refundClass' | 'refundCents' | 'reason' | 'agentResponse' | 'policyVersion' | 'evidence'
>;

/** A recommendation for an order: its facts, an answer, and `details` of an agent's call or a re-run, if any. */
export function recommendationOf(
  order: DeliveredOrder,
  answer: Answer,
  details: Partial<NewRecommendation> = {},
): NewRecommendation {
  return {
    orderId: order.orderId,
    orderTs: order.createdTs,
    deliveredTs: order.deliveredTs,
    location: order.location,
    deliveryMinutes: order.minutes,
    orderTotalCents: order.totalCents,
    model: null,
    promptVersion: null,
    latencyMs: null,
    tokens: null,
    rerun: 0,
    note: null,
    requestedBy: null,
    trace: null,
    facts: null,
    ...answer,
    ...details,
  };
}

/** The recommendation that the policy makes by itself. */
export function fromPolicy(answer: PolicyAnswer): NewRecommendation {
  const { refundClass, refundCents, reason, agentResponse, policyVersion, evidence } = answer;
  return recommendationOf(answer.order, {
    source: 'policy',
    refundClass,
    refundCents,
    reason,
    agentResponse,
    policyVersion,
    evidence,
  });
}

const { ts: _, ...newColumns } = recommendationColumns;
const encode = rowEncoder(newColumns);
const names = Object.entries(newColumns).map(([key, column]) => sqlNameOf(key, column));
const insert = `
  -- one row per order that this scorer version has not scored in this run
  insert into recommender.refund_recommendations (ts, ${names.join(', ')})
  select $2, ${names.join(', ')}
  from json_populate_recordset(null::recommender.refund_recommendations, $1)
  on conflict do nothing`;

/**
 * Writes recommendations in one statement, in the order given; an order that has one of this scorer version and run
 * keeps it. The transaction must hold the lock. @returns how many were new.
 */
export async function insertRecommendations(
  connection: Connection,
  recommendations: NewRecommendation[],
  scoredAt: Date,
): Promise<number> {
  if (recommendations.length === 0) return 0;
  const { rowCount } = await connection.query(insert, [
    JSON.stringify(recommendations.map(encode)),
    scoredAt,
  ]);
  return rowCount ?? 0;
}
