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

/** Which rows of how many, and the ways to the others. */
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

/** The row that a turned page is entered at. */
type Entrance = 'first' | 'last';

type Pages = WaysToPages & {
  /** The orders of the page on the screen, and whether they are those of `page` already. */
  rows: readonly string[];
  arrived: boolean;
  failed: boolean;
  enter(orderId: string): void;
};

/**
 * Goes on over the end of a page: turns it, and enters the other at its near end once its rows are there. Until then
 * no second turn is taken.
 */
export function usePageTurn(pages: Pages): (step: 1 | -1) => void {
  const { page, rows, arrived, failed, enter } = pages;
  const turn = useRef<{ from: number; to: number; at: Entrance }>(undefined);
  const inAddress = Number(useSearchParams().get('page') ?? 1);
  useEffect(() => {
    const going = turn.current;
    if (!going) return;
    if (failed || (page !== going.from && page !== going.to)) turn.current = undefined;
    if (failed || page !== going.to || !arrived || inAddress !== page) return;
    turn.current = undefined;
    const target = going.at === 'first' ? rows[0] : rows.at(-1);
    if (target !== undefined) enter(target);
  });
  return (step) => {
    const way = step === 1 ? pages.onNext : pages.onPrevious;
    if (!way || turn.current) return;
    turn.current = { from: page, to: page + step, at: step === 1 ? 'first' : 'last' };
    way();
  };
}
