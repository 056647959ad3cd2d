import { type Cursor, readCursor } from './cursor.ts';
import { queueOrders } from './queue-order.ts';
import { queueColumns } from './queue-row.ts';
import type { QueueClass, QueueQuery } from './types.ts';

export type Statement = { text: string; values: unknown[] };

const DECIDED = 'exists (select from refunds.refund_decisions as seen where seen.order_id = r.order_id)';

/**
 * The statement of one page of the queue: values are bound, identifiers come from `queueOrders`. It asks for
 * one row more than the page holds, which tells whether there is another page.
 */
export function queueStatement(query: QueueQuery): Statement {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const { key, direction } = queueOrders[query.sort];
  const filters = listFilters(query, bind);
  const cursor = query.cursor === undefined ? undefined : readCursor(query.sort, query.cursor);
  const after = cursor ? [isAfter(query, cursor, bind)] : [];
  const order = `sort_key ${direction}, order_id ${direction}`;
  const text = `
    -- one row per recommendation on the page, each with the count of all that the filters admit
    with total as (
      select count(*) as n from recommender.pg_recommendations as r ${where(filters)}
    ),
    r as (
      select r.*, ${key} as sort_key
      from recommender.pg_recommendations as r ${where([...filters, ...after])}
      order by ${order}
      limit ${bind(query.limit + 1)}
    )
    select total.n::integer as total, r.sort_key::text as sort_key, ${queueColumns}
    from total
    left join r on true
    left join refunds.standing_decisions as d on d.order_id = r.order_id
    order by r.${order.replace(', ', ', r.')}`;
  return { text, values };
}

function listFilters(query: QueueQuery, bind: (value: unknown) => string): string[] {
  const filters = [
    query.status === 'pending' && `not ${DECIDED}`,
    query.status === 'decided' && DECIDED,
    query.refundClass !== undefined && hasClass(query.refundClass, bind),
    query.location !== undefined && `r.location = ${bind(query.location)}`,
    query.nonZero && '(r.refund_usd > 0 or r.refund_usd is null)',
  ];
  return filters.filter((filter) => filter !== false);
}

function hasClass(refundClass: QueueClass, bind: (value: unknown) => string): string {
  return refundClass === 'unanswered' ? 'r.refund_class is null' : `r.refund_class = ${bind(refundClass)}`;
}

function isAfter(query: QueueQuery, cursor: Cursor, bind: (value: unknown) => string): string {
  const { key, type, direction } = queueOrders[query.sort];
  const side = direction === 'desc' ? '<' : '>';
  return `(${key}, r.order_id) ${side} (${bind(cursor.key)}::${type}, ${bind(cursor.orderId)})`;
}

function where(conditions: string[]): string {
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
}
