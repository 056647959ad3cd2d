import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Button } from '#app/_ui/button.tsx';
import { formatCount } from '#app/_ui/format.ts';
import { PAGE_SIZE } from './queue-params.ts';

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
