import type { Database } from '#db/client.ts';
import type { RefundClass } from '#lib/contract/refund.ts';
import { centsFromNumeric } from '#lib/money.ts';
import { type DecisionFilter, decisionFilters } from './decision-filters.ts';
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
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions = decisionFilters(query, bind);
  if (query.after !== undefined) conditions.push(`d.id < ${bind(query.after)}`);
  const { rows } = await pool.query<Row>(
    `
    -- one row per decision on the page, and one more where there is another page
    select
      d.id::text, d.kind, d.order_id, d.decided_ts, d.refund_class, d.amount_usd, d.reason, d.reason_code,
      d.decided_by, d.approved_by, d.supersedes_id::text,
      d.source_suggestion ->> 'refund_class' as suggested_class,
      d.source_suggestion ->> 'refund_usd' as suggested_usd
    from refunds.refund_decisions as d
    ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
    order by d.id desc
    limit ${bind(query.limit + 1)}`,
    values,
  );
  const decisions = rows.slice(0, query.limit).map(readRow);
  return {
    decisions,
    nextAfter: rows.length > query.limit ? (decisions.at(-1)?.id ?? null) : null,
  };
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
