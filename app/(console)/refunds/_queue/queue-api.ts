import { fetchJson } from '#app/_data/fetch-json.ts';
import { queuePageSchema, summarySchema } from '#lib/contract/console-api.ts';
import { encodeQueueQuery } from '#lib/contract/console-requests.ts';
import type { QueuePage, RefundSummary } from '#lib/refunds/types.ts';
import { PAGE_SIZE } from './queue-params.ts';
import type { QueueView } from './use-queue-view.ts';

/** The query of GET /api/recommendations for what the address asks for. */
export function queueSearch(view: QueueView): string {
  return encodeQueueQuery({
    status: view.status,
    refundClass: view.class ?? undefined,
    location: view.location ?? undefined,
    nonZero: view.nonzero,
    sort: view.sort,
    cursor: view.after.at(-1),
    limit: PAGE_SIZE,
  }).toString();
}

export async function fetchQueue(search: string, signal: AbortSignal): Promise<QueuePage> {
  return queuePageSchema.parse(await fetchJson(`/api/recommendations?${search}`, signal));
}

export async function fetchSummary(signal: AbortSignal): Promise<RefundSummary> {
  return summarySchema.parse(await fetchJson('/api/summary?include_zero=true', signal));
}
