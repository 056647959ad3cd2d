import type { Connection, Pool } from '#db/client.ts';
import type { CaseStatus } from '#lib/contract/case.ts';
import type { Case } from './types.ts';

export type CaseRow = {
  order_id: string;
  status: CaseStatus;
  assignee: string | null;
  due_ts: Date | null;
  note: string | null;
  changed_by: string | null;
  changed_ts: Date;
};

export const caseRow = 'order_id, status, assignee, due_ts, note, changed_by, changed_ts';

/** Where an order stands; undefined where it is not in the queue. A claim or a snooze whose time is over has ended. */
export async function getCase(connection: Pool | Connection, orderId: string): Promise<Case | undefined> {
  const { rows } = await connection.query<CaseRow>(
    `
    -- at most one row
    select
      order_id, case when is_over then 'queued' else status end as status,
      case when not is_over then assignee end as assignee, case when not is_over then due_ts end as due_ts,
      case when not is_over then note end as note, changed_by, changed_ts
    from refunds.cases, lateral (select coalesce(due_ts <= clock_timestamp(), false) as is_over) as time
    where order_id = $1`,
    [orderId],
  );
  return rows[0] && readCase(rows[0]);
}

export function readCase(row: CaseRow): Case {
  return {
    orderId: row.order_id,
    status: row.status,
    assignee: row.assignee,
    dueTs: row.due_ts?.toISOString() ?? null,
    note: row.note,
    changedBy: row.changed_by,
    changedTs: row.changed_ts.toISOString(),
  };
}
