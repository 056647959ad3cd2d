import type { Database, Pool } from '#db/client.ts';
import type { RefundClass } from '#lib/contract/refund.ts';
import { centsFromNumeric } from '#lib/money.ts';
import { type Among, type HistoryQuery, historyStatement } from './history-statement.ts';
import type { Decision, PastDecision } from './types.ts';

type Row = {
  id: string;
  kind: Decision['kind'];
  order_id: string;
  decided_ts: Date;
  refund_class: RefundClass;
  amount_usd: string;
  reason: string;
  reason_code: string | null;
  decided_by: string;
  approved_by: string | null;
  supersedes_id: string | null;
  suggested_class: RefundClass | null;
  suggested_usd: string | null;
};

/** Decisions of all orders, the newest first, each with what was suggested; `nextAfter` leads to the next page. */
export async function listDecisionHistory(
  { pool }: Pick<Database, 'pool'>,
  query: HistoryQuery,
): Promise<{ decisions: PastDecision[]; nextAfter: string | null }> {
  const rows = await findRows(pool, query);
  const decisions = rows.slice(0, query.limit).map(readRow);
  return {
    decisions,
    nextAfter: rows.length > query.limit ? (decisions.at(-1)?.id ?? null) : null,
  };
}

/** How many of the newest decisions are looked through for words before the index of words is asked. */
const NEAR = 10_000;

/**
 * The planner cannot know how often a word's beginning occurs: a frequent one fills a page among the newest decisions,
 * and only one that does not is looked up, where it has few rows to sort.
 */
async function findRows(pool: Pool, query: HistoryQuery): Promise<Row[]> {
  if (query.search === undefined) return readPage(pool, query);
  const near = await readPage(pool, query, NEAR);
  return near.length > query.limit ? near : readPage(pool, query, 'all');
}

async function readPage(pool: Pool, query: HistoryQuery, among?: Among): Promise<Row[]> {
  const { text, values } = historyStatement(query, among);
  return (await pool.query<Row>(text, values)).rows;
}

function readRow(row: Row): PastDecision {
  return {
    id: row.id,
    kind: row.kind,
    orderId: row.order_id,
    decidedTs: row.decided_ts.toISOString(),
    refundClass: row.refund_class,
    amountCents: centsFromNumeric(row.amount_usd),
    reason: row.reason,
    reasonCode: row.reason_code,
    decidedBy: row.decided_by,
    approvedBy: row.approved_by,
    supersedesId: row.supersedes_id,
    suggested: {
      refundClass: row.suggested_class,
      refundCents: row.suggested_usd === null ? null : centsFromNumeric(row.suggested_usd),
    },
  };
}
