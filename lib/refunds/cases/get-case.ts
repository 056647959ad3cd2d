import { sql } from 'drizzle-orm/sql';
import type { Connection, Pool } from '#db/client.ts';
import { text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { type Case, caseColumns } from '../rules/records.ts';

/**
 * Joins to a case `c` its `state` at the time of the statement: a claim or a snooze whose time is over has ended, whether
 * or not the row has been released yet. An order without a case counts as queued.
 */
export const joinCaseState = sql`
    cross join lateral (
      select
        is_over, case when is_over then 'queued' else coalesce(c.status, 'queued') end as status,
        case when not is_over then c.assignee end as assignee, case when not is_over then c.due_ts end as due_ts
      from (select coalesce(c.due_ts <= statement_timestamp(), false) as is_over) as lease
    ) as state`;

const selectCase = statement({
  params: { orderId: text },
  returns: caseColumns,
  sql: ({ orderId }) => sql`
    -- at most one row
    select
      c.order_id, state.status, state.assignee, state.due_ts, case when not state.is_over then c.note end as note,
      c.changed_by, c.changed_ts
    from refunds.cases as c ${joinCaseState}
    where c.order_id = ${orderId}`,
});

/** The case of an order; undefined where the order is not in the queue. */
export async function getCase(connection: Pool | Connection, orderId: string): Promise<Case | undefined> {
  const [found] = await selectCase(connection, { orderId });
  return found;
}
