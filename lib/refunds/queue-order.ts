import type { QueueSort } from '#lib/contract/queue.ts';

type Order = { key: string; type: string; direction: 'asc' | 'desc' };

/** What a sort of the queue means in SQL: the only identifiers that a request can choose, by name. */
export const queueOrders: Record<QueueSort, Order> = {
  newest: { key: 'c.delivered_ts', type: 'timestamptz', direction: 'desc' },
  oldest: { key: 'c.delivered_ts', type: 'timestamptz', direction: 'asc' },
  amount: { key: 'coalesce(c.refund_usd, -1)', type: 'numeric', direction: 'desc' },
  lateness: { key: 'c.delivery_minutes', type: 'double precision', direction: 'desc' },
};
