import type { QueueFilter, QueueQuery } from '#lib/contract/queue.ts';
import { type Cursor, readCursor } from './cursor.ts';
import { type Bind, countedFilters, isCounted, queueFilters, where } from './queue-filters.ts';
import { queueOrders } from './queue-order.ts';
import { queueColumns, queueJoins } from './queue-row.ts';

export type Statement = { text: string; values: unknown[] };

/**
 * The statement of one page of the queue: values are bound, identifiers come from `queueOrders`. It asks for
 * one row more than the page holds, which tells whether there is another page.
 */
export function queueStatement(query: QueueQuery): Statement {
  const values: unknown[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const { key, direction } = queueOrders[query.sort];
  const cursor = query.cursor === undefined ? undefined : readCursor(query.sort, query.cursor);
  const conditions = queueFilters(query, bind);
  if (cursor) conditions.push(isAfter(query, cursor, bind));
  // Where the counters know that there is nothing, no row is looked at.
  conditions.push('(select n from total) > 0');
  const order = `sort_key ${direction}, order_id ${direction}`;
  // The limit is part of the text: with a limit that it does not know, the server plans anew each time.
  const end = `limit ${Math.trunc(query.limit) + 1}${query.offset ? ` offset ${bind(query.offset)}` : ''}`;
  const text = `
    -- one row per recommendation on the page, each with the count of all that the filters admit
    with total as (${totalStatement(query, bind)}),
    page as materialized (
      select c.order_id, ${key} as sort_key, c.status, c.assignee, c.due_ts, c.decision_id
      from refunds.cases as c ${where(conditions)}
      order by ${order}
      ${end}
    )
    select total.n::integer as total, c.sort_key::text as sort_key, ${queueColumns}
    from total
    left join page as c on true
    ${queueJoins}
    order by c.${order.replace(', ', ', c.')}`;
  return { text, values };
}

/** How many cases a filter admits: added up from the counters, or counted where they do not know. */
function totalStatement(query: QueueFilter, bind: Bind): string {
  if (!isCounted(query))
    return `select count(*) as n from refunds.cases as c ${where(queueFilters(query, bind))}`;
  return `
      select coalesce(sum(c.n), 0) as n
      from (
        select *, status not in ('decided', 'reversed') as is_open from refunds.tallies
      ) as c ${where(countedFilters(query, bind))}`;
}

function isAfter(query: QueueQuery, cursor: Cursor, bind: Bind): string {
  const { key, type, direction } = queueOrders[query.sort];
  const side = direction === 'desc' ? '<' : '>';
  return `(${key}, c.order_id) ${side} (${bind(cursor.key)}::${type}, ${bind(cursor.orderId)})`;
}
