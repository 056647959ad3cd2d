import type { QueueFilter } from '#lib/contract/queue.ts';

/** Binds a value to a statement and gives its place: `$1`. */
export type Bind = (value: unknown) => string;

/** The conditions of a filter on a case `c`; all values are bound. */
export function queueFilters(query: QueueFilter, bind: Bind): string[] {
  return [...countedFilters(query, bind), ...rangeFilters(query, bind), ...personFilters(query, bind)];
}

/** The conditions on what the counters are kept by; `c` is a case or a counter of cases. */
export function countedFilters(query: QueueFilter, bind: Bind): string[] {
  const { status, refundClass, location, includeZero, source } = query;
  return present([
    statusFilter(status, bind),
    refundClass === 'unanswered' && 'c.refund_class is null',
    refundClass !== undefined && refundClass !== 'unanswered' && `c.refund_class = ${bind(refundClass)}`,
    location !== undefined && `c.location = ${bind(location)}`,
    source !== undefined && `c.source = ${bind(source)}`,
    !includeZero && `c.refund_class is distinct from 'none'`,
  ]);
}

/** Whether the counters know how many cases a filter admits. */
export function isCounted(query: QueueFilter): boolean {
  const nothing: Bind = () => '';
  return rangeFilters(query, nothing).length === 0 && personFilters(query, nothing).length === 0;
}

function statusFilter(status: QueueFilter['status'], bind: Bind): string | false {
  if (status === 'all') return false;
  if (status === 'pending') return `c.is_open`;
  if (status === 'decided') return `not c.is_open`;
  return `c.status = ${bind(status)}`;
}

function rangeFilters(query: QueueFilter, bind: Bind): string[] {
  const { brand, minUsd, maxUsd, minMinutes, olderThanMinutes } = query;
  return present([
    brand !== undefined && `c.brand_ids @> array[${bind(brand)}::integer]`,
    minUsd !== undefined && `coalesce(c.refund_usd, -1) >= ${bind(minUsd)}::numeric`,
    maxUsd !== undefined && `c.refund_usd <= ${bind(maxUsd)}::numeric`,
    minMinutes !== undefined && `c.delivery_minutes >= ${bind(minMinutes)}`,
    olderThanMinutes !== undefined &&
      `c.delivered_ts <= now() - make_interval(mins => ${bind(olderThanMinutes)})`,
  ]);
}

function personFilters({ assignee, search }: QueueFilter, bind: Bind): string[] {
  return present([
    assignee === 'none' && 'c.assignee is null',
    assignee !== undefined && assignee !== 'none' && `c.assignee = ${bind(assignee)}`,
    search !== undefined && `c.order_id like ${bind(`${search.replace(/[\\%_]/g, '\\$&')}%`)}`,
  ]);
}

function present(conditions: (string | false)[]): string[] {
  return conditions.filter((condition) => condition !== false);
}

export function where(conditions: string[]): string {
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
}
