'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { QueueItem, QueuePage } from '#lib/refunds/queue/index.ts';
import { fetchBrands, fetchQueue, fetchSummary, queueQuery } from './queue-api.ts';
import { PAGE_SIZE } from './queue-params.ts';
import type { QueueView } from './use-queue-view.ts';

const REFRESH_MS = 5_000;

/** One page of the queue, fetched again at intervals; while another page loads the last one stays, marked as stale. */
export function useQueueData(view: QueueView) {
  const search = queueQuery(view);
  const query = useQuery({
    queryKey: ['queue', search],
    queryFn: ({ signal }) => fetchQueue(search, signal),
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });
  const stale = query.isPlaceholderData;
  const shown = useShownRows(stale ? 'previous' : JSON.stringify(search), query.data);
  return { ...shown, ...query, stale };
}

export function useSummary() {
  return useQuery({
    queryKey: ['summary'],
    queryFn: ({ signal }) => fetchSummary(signal),
    refetchInterval: REFRESH_MS,
  });
}

/** The brands to filter by; they hardly ever change. */
export function useBrands() {
  const { data } = useQuery({
    queryKey: ['brands'],
    queryFn: ({ signal }) => fetchBrands(signal),
    staleTime: 3_600_000,
    refetchOnWindowFocus: false,
  });
  return data ?? [];
}

type Shown = { key: string; latest: QueuePage; rows: ShownRow[]; arrived: number };

/**
 * The rows on the screen for a page of the queue, `key`. Fresh pages of the same key refresh them in
 * place and count what is new; nothing moves until the key changes or `showLatest` is called.
 */
function useShownRows(key: string, latest: QueuePage | undefined) {
  const [shown, setShown] = useState<Shown>();
  const next = latest && advance(shown, key, latest);
  if (next && next !== shown) setShown(next);
  return {
    rows: next?.rows ?? [],
    arrived: next?.arrived ?? 0,
    showLatest: () => latest && setShown({ key, latest, rows: asRows(latest.items), arrived: 0 }),
  };
}

function advance(shown: Shown | undefined, key: string, latest: QueuePage): Shown {
  if (shown?.key !== key) return { key, latest, rows: asRows(latest.items), arrived: 0 };
  if (shown.latest === latest) return shown;
  return { key, latest, ...mergeRows(shown.rows, latest.items, PAGE_SIZE) };
}

/** A row as it is shown. `left`: the filters no longer admit it, but it stays in its place until the list moves on. */
export type ShownRow = { item: QueueItem; left: boolean };

/**
 * Brings shown rows up to date without moving any: known orders are refreshed in place, those that the filters no
 * longer admit are marked, and new ones are only counted. `limit` is the size of a full page.
 */
export function mergeRows(
  shown: readonly ShownRow[],
  latest: readonly QueueItem[],
  limit: number,
): { rows: ShownRow[]; arrived: number } {
  if (shown.length === 0) return { rows: asRows(latest), arrived: 0 };
  const byId = new Map(latest.map((item) => [item.orderId, item]));
  const shownIds = new Set(shown.map(({ item }) => item.orderId));
  const lastKept = shown.findLastIndex(({ item }) => byId.has(item.orderId));
  const lastKnown = latest.findLastIndex((item) => shownIds.has(item.orderId));
  const rows = shown.map((row, index) => {
    const item = byId.get(row.item.orderId);
    return item ? { item, left: false } : { ...row, left: row.left || index < lastKept };
  });
  // Orders after the last known one of a full page have only moved up; they are not new.
  const endOfNew = shown.length < limit || lastKnown < 0 ? latest.length : lastKnown;
  const arrived = latest.slice(0, endOfNew).filter((item) => !shownIds.has(item.orderId)).length;
  return { rows, arrived };
}

export function asRows(items: readonly QueueItem[]): ShownRow[] {
  return items.map((item) => ({ item, left: false }));
}
