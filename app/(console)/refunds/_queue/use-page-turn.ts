'use client';

import { useSearchParams } from 'next/navigation';
import { useEffect, useRef } from 'react';
import type { WaysToPages } from './ways-to-pages.ts';

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
