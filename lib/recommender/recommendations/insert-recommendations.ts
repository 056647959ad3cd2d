import { advisoryLocks } from '#db/advisory-locks.ts';
import type { Connection } from '#db/client.ts';
import { bigint, nullable, rowEncoder, sqlNameOf } from '#db/columns.ts';
import { type Recommendation, recommendationColumns } from '#db/recommendation-columns.ts';
import type { Evidence } from '#lib/contract/refund.ts';
import type { DeliveredOrder } from '../facts/order-facts.ts';
import { recommendedFacts } from '../facts/recommended-facts.ts';
import type { PolicyAnswer } from '../policy/score-order.ts';

/** A recommendation that is not stored yet; `factsBatch` is the last batch that changed the facts it is based on. */
export type NewRecommendation = Omit<Recommendation, 'ts'> & { factsBatch: string | null };

/** Takes the lock of all writers of recommendations, until the transaction ends. */
export async function lockRecommendations(connection: Connection): Promise<void> {
  await connection.query('select pg_advisory_xact_lock($1)', [advisoryLocks.recommendations]);
}

type Answer = Pick<
  NewRecommendation,
  'source' | 'refundClass' | 'refundCents' | 'reason' | 'agentResponse' | 'policyVersion'
> & { evidence: Evidence };

/** A recommendation for an order: its facts, an answer, and `details` of an agent's call or a rescore, if any. */
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
    facts: recommendedFacts(order, answer.evidence),
    factsBatch: order.batchId,
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

const { ts: _, ...copied } = recommendationColumns;
const newColumns = { ...copied, factsBatch: nullable(bigint) };
const encode = rowEncoder(newColumns);
const names = Object.entries(newColumns).map(([key, column]) => sqlNameOf(key, column));

const insertFirst = `
  -- one row per order that has no recommendation
  insert into recommender.refund_recommendations (ts, ${names.join(', ')})
  select $2, ${names.map((name) => `given.${name}`).join(', ')}
  from json_populate_recordset(null::recommender.refund_recommendations, $1) as given
  where not exists (
    select from recommender.refund_recommendations as known where known.order_id = given.order_id)
  on conflict do nothing`;

const insertRevision = `
  -- one row per order that this scorer version has not scored in this run and revision
  insert into recommender.refund_recommendations (ts, ${names.join(', ')}, revision)
  select greatest($2, known.ts), ${names.map((name) => `given.${name}`).join(', ')},
    coalesce(known.revision + $3, 0)
  from json_populate_recordset(null::recommender.refund_recommendations, $1) as given
  cross join lateral (
    select max(earlier.revision) as revision, max(earlier.ts) as ts
    from recommender.refund_recommendations as earlier
    where earlier.order_id = given.order_id
  ) as known
  on conflict do nothing`;

/**
 * What a recommendation is to the earlier ones of its order: the `first`; another answer by the same facts, of which
 * there is one for each scorer version and run; or a `revision`, which supersedes them because the facts have changed.
 */
export type Relation = 'first' | 'same_facts' | 'revision';

/**
 * Writes recommendations in one statement, in the order given. None is older than the one that it supersedes, even
 * where the clock was set back. The transaction must hold the lock. @returns how many were new.
 */
export async function insertRecommendations(
  connection: Connection,
  recommendations: NewRecommendation[],
  scoredAt: Date,
  relation: Relation,
): Promise<number> {
  if (recommendations.length === 0) return 0;
  const rows = JSON.stringify(recommendations.map(encode));
  const { rowCount } =
    relation === 'first'
      ? await connection.query(insertFirst, [rows, scoredAt])
      : await connection.query(insertRevision, [rows, scoredAt, relation === 'revision' ? 1 : 0]);
  return rowCount ?? 0;
}
