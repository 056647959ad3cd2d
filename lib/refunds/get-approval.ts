import type { Connection, Pool } from '#db/client.ts';
import { type ApprovalRow, approvalColumns, readApproval } from './read-approval.ts';
import type { ApprovalRequest } from './types.ts';

/** The decision on an order that waits for a second person; undefined where none does. */
export async function getApproval(
  connection: Pool | Connection,
  orderId: string,
): Promise<ApprovalRequest | undefined> {
  const { rows } = await connection.query<ApprovalRow>(
    `
    -- at most one row
    select ${approvalColumns}
    from refunds.approval_requests as request
    where order_id = $1
      and not exists (select from refunds.approval_outcomes as outcome where outcome.request_id = request.id)
    order by request.id desc
    limit 1`,
    [orderId],
  );
  return rows[0] && readApproval(rows[0]);
}
