import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#app/_ui/button.tsx';
import type { QueueSort } from '#lib/contract/queue.ts';
import { SortChoice } from './sort-choice.tsx';

type QueueBarProps = {
  sort: QueueSort;
  onSort(sort: QueueSort): void;
  /** Takes all filters away; undefined where there are none. */
  onClear: (() => void) | undefined;
  children: ReactNode;
};

/** The line above the rows: their order, what is new, and the pages. */
export function QueueBar({ sort, onSort, onClear, children }: QueueBarProps) {
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-2">
      <SortChoice sort={sort} onSort={onSort} />
      {onClear && (
        <Button look="quiet" aria-label="Clear filters" onClick={onClear}>
          <X aria-hidden className="size-4" />
          <span className="hidden @[480px]:inline">Clear filters</span>
        </Button>
      )}
      {children}
    </div>
  );
}
