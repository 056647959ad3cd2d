'use client';

import { ArrowUp, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useViewer } from '#app/_data/viewer.tsx';
import { Button } from '#app/_ui/button.tsx';
import { cx } from '#app/_ui/cx.ts';
import { Select } from '#app/_ui/form-controls.tsx';
import { mayActAs } from '#lib/contract/person.ts';
import type { QueueSort } from '#lib/contract/queue.ts';
import { useAskedOrder } from '../../_frame/open-order.tsx';
import { BulkBar } from '../_bulk/bulk-bar.tsx';
import { useSelection } from '../_bulk/use-selection.ts';
import { ClaimNext } from './claim-next.tsx';
import { Filters } from './filters.tsx';
import { Pager, type Pagination, paginationOf } from './pagination.tsx';
import { QueueBody, QueueError } from './queue-body.tsx';
import { PAGE_SIZE, parseSort } from './queue-params.ts';
import { Tiles } from './tiles.tsx';
import { useLive } from './use-live.ts';
import { useBrands, useQueueData, useSummary } from './use-queue-data.ts';
import { useQueueKeys } from './use-queue-keys.ts';
import { useQueueView } from './use-queue-view.ts';

/**
 * The review queue: figures, filters and one page of rows, beside the order that is open where there is room. An order
 * that waits for longer than `reviewHours` is overdue.
 */
export function Queue({ reviewHours }: { reviewHours: number }) {
  const orderId = useAskedOrder();
  const bar = useQueueView();
  const { view, isFiltered, filter, clear } = bar;
  const summary = useSummary();
  const queue = useQueueData(view);
  const selection = useSelection();
  const viewer = useViewer();
  const mayDecide = mayActAs(viewer, 'reviewer');
  const brands = useBrands();
  useLive();
  const pagination = paginationOf(queue, bar);
  useQueueKeys({ orderId, queue, pagination, toggle: selection.toggle });
  return (
    <section
      aria-labelledby="queue-title"
      className={cx(
        '@container relative flex-col gap-3 p-3 xl:flex xl:h-dvh xl:overflow-y-auto xl:p-4',
        orderId ? 'hidden' : 'flex',
      )}
    >
      <h1 id="queue-title" tabIndex={-1} className="text-20 font-semibold tracking-tight outline-none">
        Refund queue
      </h1>
      <Tiles summary={summary.data} failed={summary.isError} />
      <Filters
        view={view}
        locations={summary.data?.locations ?? []}
        brands={brands}
        viewer={viewer.email}
        reviewHours={reviewHours}
        onFilter={filter}
      />
      <QueueControls queue={queue} bar={bar} pagination={pagination} canClaim={mayDecide} />
      <BulkBar selected={selection.selected} clear={selection.clear} />
      <QueueError
        error={queue.error}
        shownSince={queue.data && queue.dataUpdatedAt}
        onRetry={queue.refetch}
      />
      <QueueBody
        rows={queue.rows}
        loaded={queue.data !== undefined}
        failed={queue.error !== null}
        busy={queue.stale}
        orderId={orderId}
        reviewHours={reviewHours}
        selection={mayDecide ? selection : undefined}
        isFiltered={isFiltered}
        status={view.status}
        onClear={clear}
        onShowAll={() => filter({ status: 'all' })}
      />
    </section>
  );
}

type QueueControlsProps = {
  queue: ReturnType<typeof useQueueData>;
  bar: ReturnType<typeof useQueueView>;
  pagination: Pagination;
  canClaim: boolean;
};

/** The line above the rows: sort, new rows, the next unassigned order, and the pages. */
function QueueControls({ queue, bar, pagination, canClaim }: QueueControlsProps) {
  const { view, isFiltered, filter, clear } = bar;
  return (
    <QueueBar sort={view.sort} onSort={(sort) => filter({ sort })} onClear={isFiltered ? clear : undefined}>
      {canClaim && <ClaimNext view={view} />}
      <NewRowsNotice arrived={queue.arrived} onShow={queue.showLatest} />
      <Pager {...pagination} shown={queue.rows.length} total={queue.data?.total} />
    </QueueBar>
  );
}

type QueueBarProps = {
  sort: QueueSort;
  onSort(sort: QueueSort): void;
  /** Takes all filters away; undefined where there are none. */
  onClear: (() => void) | undefined;
  children: ReactNode;
};

/** The line above the rows: their order, what is new, and the pages. */
function QueueBar({ sort, onSort, onClear, children }: QueueBarProps) {
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-2">
      <SortChoice sort={sort} onSort={onSort} />
      {onClear && (
        <Button variant="quiet" aria-label="Clear filters" onClick={onClear}>
          <X aria-hidden className="size-4" />
          <span className="hidden @[480px]:inline">Clear filters</span>
        </Button>
      )}
      {children}
    </div>
  );
}

const sorts: { value: QueueSort; label: string }[] = [
  { value: 'newest', label: 'Newest first' },
  { value: 'oldest', label: 'Oldest first' },
  { value: 'amount', label: 'Highest suggestion' },
  { value: 'lateness', label: 'Longest delivery' },
];

function SortChoice({ sort, onSort }: { sort: QueueSort; onSort(sort: QueueSort): void }) {
  return <Select label="Sort" value={sort} options={sorts} onChange={(value) => onSort(parseSort(value))} />;
}

/** How many orders have arrived since the rows were shown; a click shows them. */
function NewRowsNotice({ arrived, onShow }: { arrived: number; onShow(): void }) {
  const count = arrived >= PAGE_SIZE ? `${PAGE_SIZE}+` : String(arrived);
  return (
    <div aria-live="polite" className="ml-auto">
      {arrived > 0 && (
        <Button size="small" variant="primary" onClick={onShow} className="numeric">
          <ArrowUp aria-hidden className="size-4" />
          {count} new
        </Button>
      )}
    </div>
  );
}
