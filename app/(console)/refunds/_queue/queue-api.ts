import { z } from 'zod';
import { api, ask } from '#app/_data/api.ts';
import { encode } from '#lib/contract/codec.ts';
import { type QueueQuery, queuePageSchema, queueQuerySchema, summarySchema } from '#lib/contract/queue.ts';
import { PAGE_SIZE } from './queue-params.ts';
import type { QueueView } from './use-queue-view.ts';

type Query = z.input<typeof queueQuerySchema>;

/** The query of GET /api/recommendations for what the address asks for. */
export function queueQuery({ page: _, cursors, ...view }: QueueView): Query {
  const filters = Object.fromEntries(Object.entries(view).filter(([, value]) => value !== null));
  const query = { ...filters, cursor: cursors.at(-1), limit: PAGE_SIZE } as QueueQuery;
  return encode(queueQuerySchema, query);
}

export async function fetchQueue(query: Query, signal: AbortSignal) {
  const page = await ask(signal, (options) => api.recommendations.$get({ query }, options));
  return z.decode(queuePageSchema, page);
}

export async function fetchSummary(signal: AbortSignal) {
  const query = { include_zero: 'true' } as const;
  return z.decode(summarySchema, await ask(signal, (options) => api.summary.$get({ query }, options)));
}

export async function fetchBrands(signal: AbortSignal) {
  return (await ask(signal, (options) => api.brands.$get({}, options))).brands;
}
