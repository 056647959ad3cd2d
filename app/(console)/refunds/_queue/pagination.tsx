'use client';

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { Button } from '#app/_ui/button.tsx';
import { formatCount } from '#app/_ui/format.ts';
import { PAGE_SIZE } from './queue-params.ts';
import type { useQueueData } from './use-queue-data.ts';
import type { useQueueView } from './use-queue-view.ts';

type PagerProps = {
  page: number;
  shown: number;
  total: number | undefined;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
};

/** Which rows of how many, and buttons to the other pages. */
export function Pager({ page, shown, total, onPrevious, onNext }: PagerProps) {
  return (
    <nav aria-label="Pages" className="flex items-center gap-2">
      <p className="numeric min-w-20 text-right text-12 text-ink-2">{describeRange(page, shown, total)}</p>
      <Button size="small" aria-label="Previous page" disabled={!onPrevious} onClick={onPrevious}>
        <ChevronLeft aria-hidden className="size-4" />
      </Button>
      <Button size="small" aria-label="Next page" disabled={!onNext} onClick={onNext}>
        <ChevronRight aria-hidden className="size-4" />
      </Button>
    </nav>
  );
}

function describeRange(page: number, shown: number, total: number | undefined): string {
  if (total === undefined) return '…';
  if (shown === 0) return `0 of ${formatCount(total)}`;
  const before = (page - 1) * PAGE_SIZE;
  return `${formatCount(before + 1)}–${formatCount(before + shown)} of ${formatCount(total)}`;
}

/** The page of the queue that the address names, and how to turn it; undefined where there is no such page now. */
export type Pagination = {
  page: number;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
};

type Bar = Pick<ReturnType<typeof useQueueView>, 'view' | 'goNext' | 'goPrevious'>;

export function paginationOf(
  queue: Pick<ReturnType<typeof useQueueData>, 'stale' | 'data'>,
  { view, goNext, goPrevious }: Bar,
): Pagination {
  const nextCursor = queue.stale ? null : queue.data?.nextCursor;
  return {
    page: view.page,
    onPrevious: view.page > 1 ? () => void goPrevious() : undefined,
    onNext: nextCursor ? () => void goNext(nextCursor) : undefined,
  };
}

type PageTurnParams = Pagination & {
  /** The orders of the page on the screen, and whether they are those of `page` already. */
  rows: readonly string[];
  arrived: boolean;
  failed: boolean;
  openRow(orderId: string): void;
};

/**
 * Continues past the end of a page: turns it, and opens the first or last row of the other page once its rows are
 * there. Until then no second turn is taken.
 */
export function usePageTurn(params: PageTurnParams): (step: 1 | -1) => void {
  const { page, rows, arrived, failed, openRow } = params;
  const pending = useRef<{ from: number; to: number; open: 'first' | 'last' }>(undefined);
  const pageInAddress = Number(useSearchParams().get('page') ?? 1);
  useEffect(() => {
    const turn = pending.current;
    if (!turn) return;
    if (failed || (page !== turn.from && page !== turn.to)) pending.current = undefined;
    if (failed || page !== turn.to || !arrived || pageInAddress !== page) return;
    pending.current = undefined;
    const orderId = turn.open === 'first' ? rows[0] : rows.at(-1);
    if (orderId !== undefined) openRow(orderId);
  });
  return (step) => {
    const turnPage = step === 1 ? params.onNext : params.onPrevious;
    if (!turnPage || pending.current) return;
    pending.current = { from: page, to: page + step, open: step === 1 ? 'first' : 'last' };
    turnPage();
  };
}
