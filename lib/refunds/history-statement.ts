import { type DecisionFilter, decisionFilters } from './decision-filters.ts';
import { type Bind, where } from './queue-filters.ts';
import type { Statement } from './queue-statement.ts';

export type HistoryQuery = DecisionFilter & {
  /** The id of the last decision of the page before. */
  after?: string;
  limit: number;
};

/** So many of the newest decisions, or all of them by whatever index finds the fewest. */
export type Among = number | 'all';

const TABLE = 'refunds.refund_decisions';

/**
 * The statement of one page of the history, the newest first: all values are bound. It asks for one row more than the
 * page holds, which tells whether there is another page.
 */
export function historyStatement(query: HistoryQuery, among?: Among): Statement {
  const values: unknown[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const { from, until } = query;
  const span = [...decisionFilters({ from, until }, bind), ...isAfter(query, bind)];
  const newest = `(select * from ${TABLE} as d ${where(span)} order by decided_ts desc, id desc limit ${among})`;
  const text = `
    -- one row per decision on the page, and one more where there is another page
    select
      d.id::text, d.kind, d.order_id, d.decided_ts, d.refund_class, d.amount_usd, d.reason, d.reason_code,
      d.decided_by, d.approved_by, d.supersedes_id::text,
      d.source_suggestion ->> 'refund_class' as suggested_class,
      d.source_suggestion ->> 'refund_usd' as suggested_usd
    from ${typeof among === 'number' ? newest : TABLE} as d
    ${where([...span, ...decisionFilters({ ...query, from: undefined, until: undefined }, bind)])}
    order by d.decided_ts ${among === 'all' ? "+ interval '0'" : ''} desc, d.id desc
    limit ${bind(query.limit + 1)}`;
  return { text, values };
}

function isAfter({ after }: HistoryQuery, bind: Bind): string[] {
  if (after === undefined) return [];
  const id = bind(after);
  return [`(d.decided_ts, d.id) < ((select decided_ts from ${TABLE} where id = ${id}), ${id})`];
}
