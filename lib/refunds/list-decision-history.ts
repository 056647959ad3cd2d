import type { Database, Pool } from '#db/client.ts';
import type { RefundClass } from '#lib/contract/refund.ts';
import { centsFromNumeric } from '#lib/money.ts';
import { type DecisionFilter, decisionFilters } from './decision-filters.ts';
import { where } from './queue-filters.ts';
import type { Decision, PastDecision } from './types.ts';

export type HistoryQuery = DecisionFilter & {
  /** The id of the last decision of the page before. */
  after?: string;
  limit: number;
};

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

/** `among` so many of the newest decisions, or `all` of them by whatever index finds the fewest. */
async function readPage(pool: Pool, query: HistoryQuery, among?: number | 'all'): Promise<Row[]> {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const { from, until } = query;
  const span = [...decisionFilters({ from, until }, bind), ...isAfter(query, bind)];
  const table = 'refunds.refund_decisions';
  const newest = `select * from ${table} as d ${where(span)} order by decided_ts desc, id desc limit ${among}`;
  const { rows } = await pool.query<Row>(
    `
    -- one row per decision on the page, and one more where there is another page
    select
      d.id::text, d.kind, d.order_id, d.decided_ts, d.refund_class, d.amount_usd, d.reason, d.reason_code,
      d.decided_by, d.approved_by, d.supersedes_id::text,
      d.source_suggestion ->> 'refund_class' as suggested_class,
      d.source_suggestion ->> 'refund_usd' as suggested_usd
    from ${typeof among === 'number' ? `(${newest})` : table} as d
    ${where([...span, ...decisionFilters({ ...query, from: undefined, until: undefined }, bind)])}
    order by d.decided_ts ${among === 'all' ? "+ interval '0'" : ''} desc, d.id desc
    limit ${bind(query.limit + 1)}`,
    values,
  );
  return rows;
}

function isAfter({ after }: HistoryQuery, bind: (value: unknown) => string): string[] {
  if (after === undefined) return [];
  const id = bind(after);
  return [
    `(d.decided_ts, d.id) < ((select decided_ts from refunds.refund_decisions where id = ${id}), ${id})`,
  ];
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
