import type { Connection } from '#db/client.ts';
import { type Cents, toDecimal } from '#lib/money.ts';
import { recommendationChanged } from './conflicts.ts';
import type { DecideRequest } from './decide-request.ts';
import { getRecommendation } from './get-recommendation.ts';
import type { Decision } from './types.ts';

const INSERT = `
-- one row: the decision, with the suggestion as it stood
insert into refunds.refund_decisions (
  order_id, amount_usd, refund_class, reason, decided_by, order_total_usd, recommendation_id,
  source_suggestion, idempotency_key, request_hash
)
select
  r.order_id, $3, $4, $5, $6, $7, r.recommendation_id,
  jsonb_build_object(
    'recommendation_id', r.recommendation_id, 'ts', r.ts, 'refund_class', r.refund_class,
    'refund_usd', r.refund_usd, 'reason', r.reason, 'source', r.source, 'model', r.model,
    'policy_version', r.policy_version, 'prompt_version', r.prompt_version, 'evidence', r.evidence
  ),
  $8, $9
from recommender.pg_recommendations as r
where r.order_id = $1 and r.recommendation_id = $2
returning id::text, decided_ts`;

/**
 * Writes a decision on the recommendation that was checked.
 * @throws ConflictError `recommendation_changed` where another has taken its place meanwhile.
 */
export async function insertDecision(
  connection: Connection,
  request: DecideRequest,
  recommendationId: string,
  total: Cents,
): Promise<Decision> {
  const { orderId, refundClass, reason, decidedBy, amount } = request;
  const { rows } = await connection.query<{ id: string; decided_ts: Date }>(INSERT, [
    orderId,
    recommendationId,
    toDecimal(amount),
    refundClass,
    reason,
    decidedBy,
    toDecimal(total),
    request.idempotencyKey,
    request.hash,
  ]);
  const [row] = rows;
  if (!row) throw recommendationChanged(await getRecommendation({ pool: connection }, orderId));
  const decidedTs = row.decided_ts.toISOString();
  return {
    id: row.id,
    orderId,
    decidedTs,
    refundClass,
    amountCents: amount,
    reason,
    decidedBy,
    supersedesId: null,
  };
}
