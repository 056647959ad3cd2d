import { type SQL, sql } from 'drizzle-orm/sql';
import type { QueueFilter, QueueSort } from '#lib/contract/queue.ts';

/** The conditions of a filter on a case `c`. */
export function queueConditions(filter: QueueFilter): SQL[] {
  return [...countedConditions(filter), ...uncountedConditions(filter)];
}

/** Those conditions that `refunds.tallies` is kept by; `c` is a case or a row of the tallies. */
export function countedConditions(filter: QueueFilter): SQL[] {
  const { status, refundClass, location, includeZero, source } = filter;
  return present([
    statusCondition(status),
    refundClass === 'unanswered' && sql`c.refund_class is null`,
    refundClass !== undefined && refundClass !== 'unanswered' && sql`c.refund_class = ${refundClass}`,
    location !== undefined && sql`c.location = ${location}`,
    source !== undefined && sql`c.source = ${source}`,
    !includeZero && sql`c.refund_class is distinct from 'none'`,
  ]);
}

/** The conditions on what `refunds.tallies` does not count by. */
export function uncountedConditions(filter: QueueFilter): SQL[] {
  const { brand, minUsd, maxUsd, minMinutes, olderThanMinutes, assignee, search, factsChanged } = filter;
  return present([
    brand !== undefined && sql`c.brand_ids @> array[${brand}::integer]`,
    minUsd !== undefined && sql`coalesce(c.refund_usd, -1) >= ${minUsd}::numeric`,
    maxUsd !== undefined && sql`c.refund_usd <= ${maxUsd}::numeric`,
    minMinutes !== undefined && sql`c.delivery_minutes >= ${minMinutes}`,
    olderThanMinutes !== undefined &&
      sql`c.delivered_ts <= now() - make_interval(mins => ${olderThanMinutes})`,
    factsChanged === true && sql`c.facts_changed`,
    factsChanged === false && sql`not c.facts_changed`,
    assignee === 'none' && sql`c.assignee is null`,
    assignee !== undefined && assignee !== 'none' && sql`c.assignee = ${assignee}`,
    search !== undefined && sql`c.order_id like ${beginsWith(search)}`,
  ]);
}

function statusCondition(status: QueueFilter['status']): SQL | false {
  if (status === 'all') return false;
  if (status === 'pending') return sql`c.is_open`;
  if (status === 'decided') return sql`not c.is_open`;
  return sql`c.status = ${status}`;
}

const descending = { direction: sql`desc`, beyond: sql`<` };
const ascending = { direction: sql`asc`, beyond: sql`>` };

/** What each sort means in SQL, and how a row's key compares with that of the rows that follow it. */
export const queueOrders: Record<QueueSort, { key: SQL; type: SQL; direction: SQL; beyond: SQL }> = {
  newest: { key: sql`c.delivered_ts`, type: sql`timestamptz`, ...descending },
  oldest: { key: sql`c.delivered_ts`, type: sql`timestamptz`, ...ascending },
  amount: { key: sql`coalesce(c.refund_usd, -1)`, type: sql`numeric`, ...descending },
  lateness: { key: sql`c.delivery_minutes`, type: sql`double precision`, ...descending },
};

/** The pattern of `like` for texts with this beginning. */
export function beginsWith(text: string): string {
  return `${text.replace(/[\\%_]/g, '\\$&')}%`;
}

export function present(conditions: (SQL | false)[]): SQL[] {
  return conditions.filter((condition) => condition !== false);
}

export function where(conditions: SQL[]): SQL {
  return conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
}
