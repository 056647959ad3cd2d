import { z } from 'zod';
import { fetchJson } from '#app/_data/fetch-json.ts';
import { encodeSearch } from '#lib/contract/codec.ts';
import { type QueueQuery, queuePageSchema, queueQuerySchema, summarySchema } from '#lib/contract/queue.ts';
import type { QueuePage, RefundSummary } from '#lib/refunds/queue/index.ts';
import { PAGE_SIZE } from './queue-params.ts';
import type { QueueView } from './use-queue-view.ts';

/** The query of GET /api/recommendations for what the address asks for. */
export function queueSearch({ page: _, cursors, ...view }: QueueView): string {
  const filters = Object.fromEntries(Object.entries(view).filter(([, value]) => value !== null));
  const query = { ...filters, cursor: cursors.at(-1), limit: PAGE_SIZE } as QueueQuery;
  return encodeSearch(queueQuerySchema, query).toString();
}

export async function fetchQueue(search: string, signal: AbortSignal): Promise<QueuePage> {
  return queuePageSchema.parse(await fetchJson(`/api/recommendations?${search}`, signal));
}

export async function fetchSummary(signal: AbortSignal): Promise<RefundSummary> {
  return summarySchema.parse(await fetchJson('/api/summary?include_zero=true', signal));
}

const brandsSchema = z.object({ brands: z.array(z.object({ id: z.int(), name: z.string() })) });

export async function fetchBrands(signal: AbortSignal) {
  return brandsSchema.parse(await fetchJson('/api/brands', signal)).brands;
}
