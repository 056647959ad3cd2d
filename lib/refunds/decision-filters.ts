import type { RefundClass } from '#lib/contract/refund.ts';
import type { Decision } from './types.ts';

/**
 * What the history is filtered by; `orderId` is the beginning of an id, times are ISO 8601, `until` exclusive. Every
 * word of `search` begins a word of the reason, its code, the order's id or a person's address.
 */
export type DecisionFilter = {
  search?: string;
  against?: 'agreed' | 'departed';
  kind?: Decision['kind'];
  refundClass?: RefundClass;
  decidedBy?: string;
  orderId?: string;
  from?: string;
  until?: string;
};

/** The conditions of a filter on decisions `d`; all values are bound. */
export function decisionFilters(filter: DecisionFilter, bind: (value: unknown) => string): string[] {
  const { kind, refundClass, decidedBy, orderId, from, until, search, against } = filter;
  return [
    search !== undefined && `d.words @@ refunds.search_query(${bind(search)})`,
    against === 'agreed' && 'd.departed = false',
    against === 'departed' && 'd.departed',
    kind !== undefined && `d.kind = ${bind(kind)}`,
    refundClass !== undefined && `d.refund_class = ${bind(refundClass)}`,
    decidedBy !== undefined && `d.decided_by = ${bind(decidedBy)}`,
    orderId !== undefined && `d.order_id like ${bind(`${orderId.replace(/[\\%_]/g, '\\$&')}%`)}`,
    from !== undefined && `d.decided_ts >= ${bind(from)}`,
    until !== undefined && `d.decided_ts < ${bind(until)}`,
  ].filter((condition) => condition !== false);
}
