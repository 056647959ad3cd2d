import { type SQL, sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { integer, nullable, nullableGroup, text } from '#db/columns.ts';
import { dynamicStatement } from '#db/statement.ts';
import { type QueueFilter, type QueueQuery, queueSorts } from '#lib/contract/queue.ts';
import { releaseDue } from '../cases/case-steps.ts';
import { joinCaseState } from '../cases/get-case.ts';
import { type QueueItem, queueItemColumns } from '../rules/records.ts';
import { readCursor, writeCursor } from './cursor.ts';
import {
  countedConditions,
  queueConditions,
  queueOrders,
  uncountedConditions,
  where,
} from './queue-conditions.ts';
import { queueItemList } from './queue-item.ts';

/** `total` is the exact number of rows that the filters admit. */
export type QueuePage = { items: QueueItem[]; total: number; nextCursor: string | null };

/** The most rows that a page can have, as in `queueQuerySchema`. */
const MAX_LIMIT = 200;

/**
 * One page of the review queue. Without `includeZero` it leaves out what needs no refund but keeps what has no answer,
 * so that no failure hides.
 * @throws ValidationError where the cursor is not one of this sort.
 */
export async function listRecommendations(
  { pool }: Pick<Database, 'pool'>,
  query: QueueQuery,
): Promise<QueuePage> {
  if (dependsOnTime(query)) await releaseDue(pool);
  const rows = await selectPage(pool, query);
  const found = rows.flatMap(({ item, sortKey }) => (item && sortKey !== null ? [{ item, sortKey }] : []));
  const shown = found.slice(0, query.limit);
  const last = found.length > query.limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(({ item }) => item),
    total: rows[0]?.total ?? 0,
    nextCursor: last ? writeCursor(query.sort, { key: last.sortKey, orderId: last.item.orderId }) : null,
  };
}

/** The end of a claim or a snooze changes its status and holder, but not whether the order is open. */
function dependsOnTime({ status, assignee }: QueueQuery): boolean {
  return status === 'queued' || status === 'claimed' || status === 'snoozed' || assignee !== undefined;
}

const everyFilter: QueueFilter = {
  ...{
    status: 'claimed',
    refundClass: 'full',
    location: 'sf',
    includeZero: false,
    source: 'policy',
    brand: 1,
  },
  ...{ minUsd: '1', maxUsd: '2', minMinutes: 1, olderThanMinutes: 1, assignee: 'a', search: 'a' },
  factsChanged: true,
};
const cursorKeys = {
  newest: '2026-01-01T00:00:00Z',
  oldest: '2026-01-01T00:00:00Z',
  amount: '1',
  lateness: '1',
};

const selectPage = dynamicStatement({
  returns: { total: integer, sortKey: nullable(text), item: nullableGroup(queueItemColumns) },
  // The plan of a beginning of an id must depend on the id; that of the other filters does not on their values.
  isPlannedOnce: ({ search }) => search === undefined,
  samples: queueSorts.flatMap((sort): QueueQuery[] => [
    { status: 'pending', includeZero: true, sort, limit: 1, offset: 1 },
    { ...everyFilter, sort, limit: 1, cursor: writeCursor(sort, { key: cursorKeys[sort], orderId: 'a' }) },
  ]),
  sql: queuePage,
});

/** One row per recommendation on the page and one more where another page follows, each with the count of all. */
export function queuePage(query: QueueQuery): SQL {
  const { key, direction } = queueOrders[query.sort];
  return sql`
    with total as (${total(query)}),
    page as materialized (
      select * from (
        select c.order_id, ${key} as sort_key, c.status, c.is_open, c.assignee, c.due_ts, c.decision_id,
          c.facts_changed
        from refunds.cases as c ${where([...queueConditions(query), ...afterCursor(query), hasRows])}
        order by sort_key ${direction}, order_id ${direction} ${atMostOnePage(query)}
      ) as ordered
      limit ${query.limit + 1} offset ${query.offset ?? 0}
    )
    select total.n::integer as total, c.sort_key::text as sort_key, ${queueItemList}
    from total
    left join page as c on true
    left join lateral (
      select * from recommender.pg_recommendations where order_id = c.order_id limit 1
    ) as r on true
    left join lateral (select * from refunds.refund_decisions where id = c.decision_id limit 1) as d on true
    ${joinCaseState}
    order by c.sort_key ${direction}, c.order_id ${direction}`;
}

/** Where the tallies say that nothing matches, no case is read at all. */
const hasRows = sql`(select n from total) > 0`;

/**
 * Postgres plans a bound limit as if a tenth of all rows were wanted, and then plans the statement again for each
 * request because the real limit promises to be cheaper. The constant inside keeps the plan: read along an index, stop
 * early.
 */
function atMostOnePage({ offset = 0 }: QueueQuery): SQL {
  return offset === 0 ? sql.raw(`limit ${MAX_LIMIT + 1}`) : sql``;
}

/** How many cases a filter admits: summed from the tallies, or counted where they are not kept by all of its conditions. */
function total(filter: QueueFilter): SQL {
  if (uncountedConditions(filter).length > 0)
    return sql`select count(*) as n from refunds.cases as c ${where(queueConditions(filter))}`;
  return sql`
      select coalesce(sum(c.n), 0) as n
      from (
        select *, status not in ('decided', 'reversed') as is_open from refunds.tallies
      ) as c ${where(countedConditions(filter))}`;
}

function afterCursor({ sort, cursor }: QueueQuery): SQL[] {
  if (cursor === undefined) return [];
  const { key, type, beyond } = queueOrders[sort];
  const after = readCursor(sort, cursor);
  return [sql`(${key}, c.order_id) ${beyond} (${after.key}::${type}, ${after.orderId})`];
}
