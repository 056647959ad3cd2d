'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { fetchBrands, fetchQueue, fetchSummary, queueQuery } from './queue-api.ts';
import type { QueueView } from './use-queue-view.ts';
import { useShownRows } from './use-shown-rows.ts';

const REFRESH_MS = 5_000;

/** One page of the queue, kept fresh; while another page is on its way the last one stays, marked as stale. */
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
