import { z } from 'zod';
import { fetchJson } from '#app/_data/fetch-json.ts';
import { queuePageSchema, summarySchema } from '#lib/contract/console-api.ts';
import { encodeQueueQuery } from '#lib/contract/console-requests.ts';
import { parseUsd } from '#lib/money.ts';
import type { QueuePage, RefundSummary } from '#lib/refunds/index.ts';
import { PAGE_SIZE } from './queue-params.ts';
import type { QueueView } from './use-queue-view.ts';

/** What the address asks for, as the rooms and the API know it. */
export function toQuery(view: QueueView) {
  return {
    status: view.status,
    refundClass: view.class ?? undefined,
    location: view.location ?? undefined,
    nonZero: view.nonzero,
    source: view.source ?? undefined,
    brandId: view.brand ?? undefined,
    minCents: view.min === null ? undefined : parseUsd(view.min),
    maxCents: view.max === null ? undefined : parseUsd(view.max),
    minMinutes: view.minutes ?? undefined,
    olderThanMinutes: view.older ?? undefined,
    assignee: view.who ?? undefined,
    search: view.find ?? undefined,
    sort: view.sort,
    cursor: view.after.at(-1),
    limit: PAGE_SIZE,
  };
}

/** The query of GET /api/recommendations for what the address asks for. */
export function queueSearch(view: QueueView): string {
  return encodeQueueQuery(toQuery(view)).toString();
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
