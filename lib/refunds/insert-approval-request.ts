import type { Connection } from '#db/client.ts';
import { toDecimal } from '#lib/money.ts';
import { recommendationChanged } from './conflicts.ts';
import { getRecommendation } from './get-recommendation.ts';
import type { CheckedDecision } from './insert-decision.ts';
import { type ApprovalRow, approvalColumns, readApproval } from './read-approval.ts';
import { snapshotOf } from './suggestion-snapshot.ts';
import type { ApprovalRequest } from './types.ts';

const INSERT = `
-- one row: the decision as it was asked for, with the suggestion as it stood
insert into refunds.approval_requests (
  order_id, amount_usd, refund_class, reason, requested_by, order_total_usd, recommendation_id,
  source_suggestion, idempotency_key, request_hash, reason_code, batch_id
)
select r.order_id, $3, $4, $5, $6, $7, r.recommendation_id, ${snapshotOf('r')}, $8, $9, $10, $11
from recommender.pg_recommendations as r
where r.order_id = $1 and r.recommendation_id = $2
returning ${approvalColumns}`;

/**
 * Asks for a second person's approval of a decision above the limit.
 * @throws ConflictError `recommendation_changed` where another has taken its place meanwhile.
 */
export async function insertApprovalRequest(
  connection: Connection,
  checked: CheckedDecision,
): Promise<ApprovalRequest> {
  const { request } = checked;
  const { rows } = await connection.query<ApprovalRow>(INSERT, [
    request.orderId,
    checked.recommendationId,
    toDecimal(request.amount),
    request.refundClass,
    request.reason,
    request.decidedBy,
    toDecimal(checked.totalCents),
    request.idempotencyKey,
    request.hash,
    checked.reasonCode,
    request.batchId ?? null,
  ]);
  if (rows[0]) return readApproval(rows[0]);
  throw recommendationChanged(await getRecommendation({ pool: connection }, request.orderId));
}
