import type { Connection } from '#db/client.ts';
import { prepared } from '#db/prepared.ts';
import { type Cents, toDecimal } from '#lib/money.ts';
import { recommendationChanged } from './conflicts.ts';
import type { DecideRequest } from './decide-request.ts';
import { getRecommendation } from './get-recommendation.ts';
import { snapshotOf } from './suggestion-snapshot.ts';
import type { Decision } from './types.ts';

const INSERT = `
-- one row: the decision, with the suggestion as it stood
insert into refunds.refund_decisions (
  order_id, amount_usd, refund_class, reason, decided_by, order_total_usd, recommendation_id,
  source_suggestion, idempotency_key, request_hash, reason_code, supersedes_id, batch_id
)
select r.order_id, $3, $4, $5, $6, $7, r.recommendation_id, ${snapshotOf('r')}, $8, $9, $10, $11, $12
from recommender.pg_recommendations as r
where r.order_id = $1 and r.recommendation_id = $2
returning id::text, decided_ts`;

/** A decision that was checked, on the recommendation and after the decision that it was checked against. */
export type CheckedDecision = {
  request: DecideRequest;
  recommendationId: string;
  totalCents: Cents;
  reasonCode: string | null;
  supersedesId: string | null;
};

/**
 * Writes a decision on the recommendation that was checked.
 * @throws ConflictError `recommendation_changed` where another has taken its place meanwhile.
 */
export async function insertDecision(connection: Connection, checked: CheckedDecision): Promise<Decision> {
  const { request, reasonCode, supersedesId } = checked;
  const { orderId, refundClass, reason, decidedBy, amount } = request;
  const values = [
    ...[orderId, checked.recommendationId, toDecimal(amount), refundClass, reason, decidedBy],
    ...[toDecimal(checked.totalCents), request.idempotencyKey, request.hash, reasonCode, supersedesId],
    request.batchId ?? null,
  ];
  const { rows } = await connection.query<{ id: string; decided_ts: Date }>(prepared(INSERT, values));
  const [row] = rows;
  if (!row) throw recommendationChanged(await getRecommendation({ pool: connection }, orderId));
  return {
    id: row.id,
    kind: 'decision',
    orderId,
    decidedTs: row.decided_ts.toISOString(),
    refundClass,
    amountCents: amount,
    reason,
    reasonCode,
    decidedBy,
    approvedBy: null,
    supersedesId,
  };
}
