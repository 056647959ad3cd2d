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

/** Where an order stands; undefined where it is not in the queue. A claim whose time is over is shown as it was. */
export async function getCase(connection: Pool | Connection, orderId: string): Promise<Case | undefined> {
  const { rows } = await connection.query<CaseRow>(
    `select ${caseRow} from refunds.cases where order_id = $1`,
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
