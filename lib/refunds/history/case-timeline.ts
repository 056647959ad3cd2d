import { sql } from 'drizzle-orm/sql';
import type { Connection, Pool } from '#db/client.ts';
import { instant, named, nullable, oneOf, type RowOf, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { caseStatuses } from '#lib/contract/case.ts';
import type { PastRequest } from '../approvals/approval-requests.ts';
import type { PastDecision } from './list-decisions.ts';

const moveColumns = {
  at: named('ts', instant),
  from: named('from_status', oneOf(caseStatuses)),
  to: named('to_status', oneOf(caseStatuses)),
  /** Null where a claim or a snooze has ended by itself. */
  person: nullable(text),
  /** Whose claim has ended by itself. */
  holder: nullable(text),
  note: nullable(text),
  /** When the claim or snooze that began with this step was to end. */
  until: named('due_ts', nullable(instant)),
};
/** A step of a case short of deciding it. */
export type CaseMove = RowOf<typeof moveColumns>;

const selectMoves = statement({
  params: { orderId: text },
  returns: moveColumns,
  sql: ({ orderId }) => sql`
    -- one row per step
    with steps as (
      select *, lag(person) over (order by id) as before from refunds.case_history where order_id = ${orderId}
    )
    select ts, from_status, to_status, person, case when person is null then before end as holder, note, due_ts
    from steps
    where not '{pending_approval,decided,reversed}' && array[from_status, to_status]
    order by id`,
});

/** The steps of an order, oldest first, without those that follow from its decisions and requests for approval. */
export async function listCaseMoves(connection: Pool | Connection, orderId: string): Promise<CaseMove[]> {
  return selectMoves(connection, { orderId });
}

/** One entry of an order's history. */
export type CaseTimelineEntry = { at: string; key: string } & (
  | { kind: 'move'; move: CaseMove }
  | { kind: 'request'; request: PastRequest }
  | { kind: 'outcome'; request: PastRequest; outcome: NonNullable<PastRequest['outcome']> }
  | { kind: 'decision'; decision: PastDecision }
);

type Recorded = { moves: CaseMove[]; requests: PastRequest[]; decisions: PastDecision[] };

/**
 * Everything that happened to an order, oldest first. An approval has no entry of its own, since the decision that it
 * led to has one.
 */
export function buildCaseTimeline({ moves, requests, decisions }: Recorded): CaseTimelineEntry[] {
  const entries: CaseTimelineEntry[] = [];
  moves.forEach((move, n) => {
    entries.push({ kind: 'move', at: move.at, key: `move ${n}`, move });
  });
  for (const request of requests) {
    const { id, requestedTs, outcome } = request;
    entries.push({ kind: 'request', at: requestedTs, key: `request ${id}`, request });
    if (outcome && outcome.kind !== 'approved')
      entries.push({ kind: 'outcome', at: outcome.at, key: `outcome ${id}`, request, outcome });
  }
  for (const decision of decisions.toReversed())
    entries.push({ kind: 'decision', at: decision.decidedTs, key: decision.id, decision });
  return entries.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
