import type { QueueItem } from '#lib/refunds/queue/index.ts';

/** Whether an order is still open `hours` after its delivery; `now` is in milliseconds. */
export function isOverdue(
  { status, deliveredTs }: Pick<QueueItem, 'status' | 'deliveredTs'>,
  hours: number,
  now: number,
): boolean {
  return status === 'pending' && now - Date.parse(deliveredTs) >= hours * 3_600_000;
}
