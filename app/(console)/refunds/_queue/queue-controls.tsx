import { ClaimNext } from './claim-next.tsx';
import { Pager } from './pager.tsx';
import { QueueBar } from './queue-bar.tsx';
import { QueueNews } from './queue-news.tsx';
import type { useQueueData } from './use-queue-data.ts';
import type { useQueueView } from './use-queue-view.ts';
import type { WaysToPages } from './ways-to-pages.ts';

type QueueControlsProps = {
  queue: ReturnType<typeof useQueueData>;
  bar: ReturnType<typeof useQueueView>;
  ways: WaysToPages;
  canClaim: boolean;
};

/** Order, news, the next free order, and the pages. */
export function QueueControls({ queue, bar, ways, canClaim }: QueueControlsProps) {
  const { view, isFiltered, filter, clear } = bar;
  return (
    <QueueBar sort={view.sort} onSort={(sort) => filter({ sort })} onClear={isFiltered ? clear : undefined}>
      {canClaim && <ClaimNext view={view} />}
      <QueueNews arrived={queue.arrived} onShow={queue.showLatest} />
      <Pager {...ways} shown={queue.rows.length} total={queue.data?.total} />
    </QueueBar>
  );
}
