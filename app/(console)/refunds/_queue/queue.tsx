'use client';

import { useSelectedLayoutSegment } from 'next/navigation';
import { useViewer } from '#app/_data/viewer.tsx';
import { cx } from '#app/_ui/cx.ts';
import { mayActAs } from '#lib/contract/person.ts';
import { BulkBar } from '../_bulk/bulk-bar.tsx';
import { useSelection } from '../_bulk/use-selection.ts';
import { Filters } from './filters.tsx';
import { QueueBody } from './queue-body.tsx';
import { QueueControls } from './queue-controls.tsx';
import { QueueTrouble } from './queue-trouble.tsx';
import { Tiles } from './tiles.tsx';
import { useLive } from './use-live.ts';
import { useBrands, useQueueData, useSummary } from './use-queue-data.ts';
import { useQueueKeys } from './use-queue-keys.ts';
import { useQueueView } from './use-queue-view.ts';
import { waysToPages } from './ways-to-pages.ts';

/**
 * The review queue: figures, filters and one page of rows, beside the order that is open where there is room. An order
 * that waits for longer than `reviewHours` is overdue.
 */
export function Queue({ reviewHours }: { reviewHours: number }) {
  const segment = useSelectedLayoutSegment();
  const orderId = segment && decodeURIComponent(segment);
  const bar = useQueueView();
  const { view, isFiltered, filter, clear } = bar;
  const summary = useSummary();
  const queue = useQueueData(view);
  const selection = useSelection();
  const viewer = useViewer();
  const mayDecide = mayActAs(viewer, 'reviewer');
  const brands = useBrands();
  useLive();
  const ways = waysToPages(queue, bar);
  useQueueKeys({ orderId, queue, ways, toggle: selection.toggle });
  return (
    <section
      aria-labelledby="queue-title"
      className={cx(
        '@container flex-col gap-3 p-3 xl:flex xl:h-dvh xl:overflow-y-auto xl:p-4',
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
      <QueueControls queue={queue} bar={bar} ways={ways} canClaim={mayDecide} />
      <BulkBar selected={selection.selected} clear={selection.clear} />
      <QueueTrouble
        error={queue.error}
        keptSince={queue.data && queue.dataUpdatedAt}
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
