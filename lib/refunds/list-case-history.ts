import type { Connection, Pool } from '#db/client.ts';
import type { CaseStatus } from '#lib/contract/case.ts';
import { type ApprovalRow, approvalColumns, readApproval } from './read-approval.ts';
import type { ApprovalRequest } from './types.ts';

/** A step short of deciding; `person` is null where time has taken it, and `holder` is whose claim ran out then. */
export type CaseMove = {
  at: string;
  from: CaseStatus;
  to: CaseStatus;
  person: string | null;
  holder: string | null;
  note: string | null;
  /** When a claim or a snooze was to end. */
  until: string | null;
};

/** A decision above the limit as it was asked for, and what became of it. */
export type PastRequest = ApprovalRequest & {
  outcome: {
    kind: 'approved' | 'rejected' | 'withdrawn';
    person: string;
    at: string;
    reason: string | null;
  } | null;
};

type MoveRow = {
  ts: Date;
  from_status: CaseStatus;
  to_status: CaseStatus;
  person: string | null;
  holder: string | null;
  note: string | null;
  due_ts: Date | null;
};

/** The steps of an order, oldest first, without those that its decisions and requests have taken by themselves. */
export async function listCaseMoves(connection: Pool | Connection, orderId: string): Promise<CaseMove[]> {
  const { rows } = await connection.query<MoveRow>(
    `
    -- one row per step
    with steps as (
      select *, lag(person) over (order by id) as before from refunds.case_history where order_id = $1
    )
    select ts, from_status, to_status, person, case when person is null then before end as holder, note, due_ts
    from steps
    where not '{pending_approval,decided,reversed}' && array[from_status, to_status]
    order by id`,
    [orderId],
  );
  return rows.map((row) => ({
    at: row.ts.toISOString(),
    from: row.from_status,
    to: row.to_status,
    person: row.person,
    holder: row.holder,
    note: row.note,
    until: row.due_ts?.toISOString() ?? null,
  }));
}

type RequestRow = ApprovalRow & {
  outcome: 'approved' | 'rejected' | 'withdrawn' | null;
  person: string;
  ts: Date;
  outcome_reason: string | null;
};

/** All that was asked for on an order, oldest first, with what became of it. */
export async function listRequests(connection: Pool | Connection, orderId: string): Promise<PastRequest[]> {
  const { rows } = await connection.query<RequestRow>(
    `
    -- one row per request for approval
    select request.*, outcome.outcome, outcome.person, outcome.ts, outcome.reason as outcome_reason
    from (select ${approvalColumns} from refunds.approval_requests where order_id = $1) as request
    left join refunds.approval_outcomes as outcome on outcome.request_id = request.id::bigint
    order by request.id::bigint`,
    [orderId],
  );
  return rows.map((row) => ({
    ...readApproval(row),
    outcome: row.outcome && {
      kind: row.outcome,
      person: row.person,
      at: row.ts.toISOString(),
      reason: row.outcome_reason,
    },
  }));
}
