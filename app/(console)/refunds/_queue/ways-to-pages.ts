import type { useQueueData } from './use-queue-data.ts';
import type { useQueueView } from './use-queue-view.ts';

/** The page of the queue that the address names, and the ways from it; undefined where there is none now. */
export type WaysToPages = {
  page: number;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
};

type Bar = Pick<ReturnType<typeof useQueueView>, 'view' | 'goNext' | 'goPrevious'>;

export function waysToPages(
  queue: Pick<ReturnType<typeof useQueueData>, 'stale' | 'data'>,
  { view, goNext, goPrevious }: Bar,
): WaysToPages {
  const nextCursor = queue.stale ? null : queue.data?.nextCursor;
  return {
    page: view.page,
    onPrevious: view.page > 1 ? () => void goPrevious() : undefined,
    onNext: nextCursor ? () => void goNext(nextCursor) : undefined,
  };
}
