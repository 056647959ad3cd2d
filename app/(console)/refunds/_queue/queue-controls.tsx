import { ClaimNext } from './claim-next.tsx';
import { Pager } from './pager.tsx';
import { QueueBar } from './queue-bar.tsx';
import { QueueNews } from './queue-news.tsx';
import type { useQueueData } from './use-queue-data.ts';
import type { useQueueView } from './use-queue-view.ts';

type QueueControlsProps = {
  queue: ReturnType<typeof useQueueData>;
  bar: ReturnType<typeof useQueueView>;
  canClaim: boolean;
};

/** Order, news, the next free order, and the pages. */
export function QueueControls({ queue, bar, canClaim }: QueueControlsProps) {
  const { view, isFiltered, filter, clear, goNext, goPrevious } = bar;
  const nextCursor = queue.stale ? null : queue.data?.nextCursor;
  return (
    <QueueBar sort={view.sort} onSort={(sort) => filter({ sort })} onClear={isFiltered ? clear : undefined}>
      {canClaim && <ClaimNext view={view} />}
      <QueueNews arrived={queue.arrived} onShow={queue.showLatest} />
      <Pager
        page={view.page}
        shown={queue.rows.length}
        total={queue.data?.total}
        onPrevious={view.page > 1 ? goPrevious : undefined}
        onNext={nextCursor ? () => goNext(nextCursor) : undefined}
      />
    </QueueBar>
  );
}
