import { type SQL, sql } from 'drizzle-orm/sql';
import type { Database, Pool } from '#db/client.ts';
import { group, nullable, oneOf, type RowOf, selectList, text, usd } from '#db/columns.ts';
import { dynamicStatement, statement } from '#db/statement.ts';
import type { HistoryFilter, HistoryQuery } from '#lib/contract/decision.ts';
import { refundClasses } from '#lib/contract/refund.ts';
import { beginsWith, present, where } from '../queue/queue-conditions.ts';
import { decisionColumns } from '../rules/records.ts';

const pastDecisionColumns = {
  ...decisionColumns,
  suggested: group({ refundClass: nullable(oneOf(refundClasses)), refundCents: nullable(usd) }, 'suggested_'),
};

/** A decision of the history, with what was suggested when it was made. */
export type PastDecision = RowOf<typeof pastDecisionColumns>;

const pastDecisionList = sql`
      ${selectList(decisionColumns, { from: 'd' })},
      d.source_suggestion ->> 'refund_class' as suggested_refund_class,
      (d.source_suggestion ->> 'refund_usd')::numeric as suggested_refund_cents`;

const selectOfOrder = statement({
  params: { orderId: text },
  returns: pastDecisionColumns,
  sql: ({ orderId }) => sql`
    -- one row per decision, undo or reversal of the order
    select ${pastDecisionList} from refunds.refund_decisions as d where d.order_id = ${orderId} order by d.id desc`,
});

/** All decisions of an order, newest first. */
export async function listDecisions(
  { pool }: Pick<Database, 'pool'>,
  orderId: string,
): Promise<PastDecision[]> {
  return selectOfOrder(pool, { orderId });
}

/** Decisions of all orders, newest first; `nextAfter` leads to the next page. */
export async function listDecisionHistory(
  { pool }: Pick<Database, 'pool'>,
  query: HistoryQuery,
): Promise<{ decisions: PastDecision[]; nextAfter: string | null }> {
  const found = await findPage(pool, query);
  const decisions = found.slice(0, query.limit);
  return { decisions, nextAfter: found.length > query.limit ? (decisions.at(-1)?.id ?? null) : null };
}

/**
 * A search looks at the newest decisions first, where a frequent word fills the page, and asks the search index only
 * for one that does not, so that there are few rows to sort (docs/decisions/0031).
 */
async function findPage(pool: Pool, query: HistoryQuery): Promise<PastDecision[]> {
  if (query.search === undefined) return selectPage(pool, { query });
  const recent = await selectPage(pool, { query, searchIn: 'newest' });
  return recent.length > query.limit ? recent : selectPage(pool, { query, searchIn: 'all' });
}

const everyFilter: HistoryQuery = {
  ...{
    search: 'late',
    suggestion: 'overridden',
    kind: 'decision',
    refundClass: 'full',
    decidedBy: 'a',
    orderId: 'a',
  },
  ...{ from: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z', after: '1', limit: 1 },
};

const selectPage = dynamicStatement({
  returns: pastDecisionColumns,
  // How many rows a filter admits depends on its value: each page is planned for the values that it is asked with.
  isPlannedOnce: () => false,
  samples: [
    { query: { limit: 1 } },
    { query: everyFilter, searchIn: 'newest' },
    { query: everyFilter, searchIn: 'all' },
  ] satisfies HistoryQuestion[],
  sql: historyPage,
});

export type HistoryQuestion = { query: HistoryQuery; searchIn?: 'newest' | 'all' };

/** How many of the newest decisions are searched for words before the search index is asked. */
const NEWEST = 10_000;

/** One row per decision on the page, newest first, and one more where another page follows. */
export function historyPage({ query, searchIn }: HistoryQuestion): SQL {
  const { from, until, after, limit, ...others } = query;
  const span = [...conditions({ from, until }), ...afterDecision(after)];
  const newest = sql`(
      select * from refunds.refund_decisions as d ${where(span)} order by decided_ts desc, id desc limit ${NEWEST}
    )`;
  // Postgres takes every word for frequent and would walk back through all of the history to find a rare one. An order
  // that no index has makes it find the rows by the search index, and sort them.
  const time = searchIn === 'all' ? sql`d.decided_ts + interval '0'` : sql`d.decided_ts`;
  return sql`
    select ${pastDecisionList}
    from ${searchIn === 'newest' ? newest : sql`refunds.refund_decisions`} as d
    ${where([...span, ...conditions(others)])}
    order by ${time} desc, d.id desc
    limit ${limit + 1}`;
}

/** The conditions of a filter on a decision `d`. */
function conditions(filter: HistoryFilter): SQL[] {
  const { kind, refundClass, decidedBy, orderId, from, until, search, suggestion } = filter;
  return present([
    search !== undefined && sql`d.words @@ refunds.search_query(${search})`,
    suggestion === 'accepted' && sql`d.is_override = false`,
    suggestion === 'overridden' && sql`d.is_override`,
    kind !== undefined && sql`d.kind = ${kind}`,
    refundClass !== undefined && sql`d.refund_class = ${refundClass}`,
    decidedBy !== undefined && sql`d.decided_by = ${decidedBy}`,
    orderId !== undefined && sql`d.order_id like ${beginsWith(orderId)}`,
    from !== undefined && sql`d.decided_ts >= ${from}`,
    until !== undefined && sql`d.decided_ts < ${until}`,
  ]);
}

function afterDecision(id: string | undefined): SQL[] {
  if (id === undefined) return [];
  const decidedTs = sql`(select decided_ts from refunds.refund_decisions where id = ${id})`;
  return [sql`(d.decided_ts, d.id) < (${decidedTs}, ${id})`];
}
