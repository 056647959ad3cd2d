import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Connection } from '#db/client.ts';
import { refundDecisions } from '#db/schema/refunds.ts';
import { readDecision } from './read-decision.ts';
import type { Decision } from './types.ts';

/** Writes the decision that a request asked for, as the first person's, with the second person beside. */
export async function insertApproved(
  connection: Connection,
  requestId: string,
  approvedBy: string,
): Promise<Decision> {
  await connection.query(
    `
    -- one row
    insert into refunds.refund_decisions (
      order_id, amount_usd, refund_class, reason, reason_code, decided_by, order_total_usd, recommendation_id,
      source_suggestion, idempotency_key, request_hash, batch_id, approval_id, approved_by, supersedes_id
    )
    select
      order_id, amount_usd, refund_class, reason, reason_code, requested_by, order_total_usd, recommendation_id,
      source_suggestion, idempotency_key, request_hash, batch_id, id, $2,
      (select max(id) from refunds.refund_decisions as earlier where earlier.order_id = request.order_id)
    from refunds.approval_requests as request
    where id = $1`,
    [requestId, approvedBy],
  );
  return findApproved(connection, requestId);
}

/** The decision that the approval of a request has made. */
export async function findApproved(connection: Connection, requestId: string): Promise<Decision> {
  const [row] = await drizzle({ client: connection })
    .select()
    .from(refundDecisions)
    .where(eq(refundDecisions.approvalId, BigInt(requestId)));
  if (!row) throw new RangeError(`request ${requestId} was approved without a decision`);
  return readDecision(row);
}
