import { sql } from 'drizzle-orm/sql';
import type { Connection, Pool } from '#db/client.ts';
import { instant, named, nullable, nullableGroup, oneOf, type RowOf, selectList, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { type ApprovalRequest, approvalColumns } from '../rules/records.ts';

const selectPending = statement({
  params: { orderId: text },
  returns: approvalColumns,
  sql: ({ orderId }) => sql`
    -- at most one row
    select ${selectList(approvalColumns)}
    from refunds.approval_requests as request
    where order_id = ${orderId}
      and not exists (select from refunds.approval_outcomes as outcome where outcome.request_id = request.id)
    order by request.id desc
    limit 1`,
});

/** The decision on an order that waits for a second person; undefined where none does. */
export async function getApproval(
  connection: Pool | Connection,
  orderId: string,
): Promise<ApprovalRequest | undefined> {
  const [request] = await selectPending(connection, { orderId });
  return request;
}

const outcomeColumns = {
  kind: named('outcome', oneOf(['approved', 'rejected', 'withdrawn'])),
  person: text,
  at: named('ts', instant),
  reason: nullable(text),
};
const pastRequestColumns = { ...approvalColumns, outcome: nullableGroup(outcomeColumns, 'outcome_') };

/** A request for approval, with its outcome if it has one. */
export type PastRequest = RowOf<typeof pastRequestColumns>;

const selectRequests = statement({
  params: { orderId: text },
  returns: pastRequestColumns,
  sql: ({ orderId }) => sql`
    -- one row per request for approval
    select ${selectList(approvalColumns, { from: 'request' })},
      ${selectList(outcomeColumns, { from: 'outcome', prefix: 'outcome_' })}
    from refunds.approval_requests as request
    left join refunds.approval_outcomes as outcome on outcome.request_id = request.id
    where request.order_id = ${orderId}
    order by request.id`,
});

/** All requests for approval on an order, oldest first. */
export async function listRequests(connection: Pool | Connection, orderId: string): Promise<PastRequest[]> {
  return selectRequests(connection, { orderId });
}
