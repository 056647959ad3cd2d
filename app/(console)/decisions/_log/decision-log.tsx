'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { Download, ListX } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { z } from 'zod';
import { api, ask } from '#app/_data/api.ts';
import { Button, buttonClass } from '#app/_ui/button.tsx';
import { EmptyState } from '#app/_ui/empty-state.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { Skeleton } from '#app/_ui/skeleton.tsx';
import { historyPageSchema, type historyQuerySchema } from '#lib/contract/decision.ts';
import { DecisionList, DecisionTable } from './decision-table.tsx';
import { LogFilters } from './log-filters.tsx';
import { logParsers, logQuery, logUrlKeys } from './log-params.ts';

/** Every decision, undo and reversal, searchable, and as a file. */
export function DecisionLog({ mayExport }: { mayExport: boolean }) {
  const [view, setView] = useQueryStates(logParsers, { history: 'push', urlKeys: logUrlKeys });
  const query = logQuery(view);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useDecisions(query);
  const decisions = data?.pages.flatMap((page) => page.decisions);
  return (
    <section
      aria-labelledby="log-title"
      className="@container mx-auto flex max-w-300 flex-col gap-3 p-3 xl:p-4"
    >
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h1 id="log-title" className="text-20 font-semibold tracking-tight">
          Decisions
        </h1>
        {mayExport && (
          <a
            href={api.decisions.export.$path({ query: { ...query, bom: 'true' } })}
            download
            className={buttonClass()}
          >
            <Download aria-hidden className="size-4" />
            Export as CSV
          </a>
        )}
      </div>
      <LogFilters view={view} onFilter={setView} />
      {error && (
        <Notice
          tone="bad"
          title="The decisions could not be loaded"
          actions={<Button onClick={() => void refetch()}>Try again</Button>}
        >
          {error.message}
        </Notice>
      )}
      {!decisions && !error && <Skeleton className="h-100 w-full" />}
      {decisions?.length === 0 && (
        <EmptyState icon={ListX} title="No decision fits">
          {Object.values(query).some(Boolean)
            ? 'Search for other words, take a filter away, or choose other days.'
            : 'Decide an order and it appears here, for good.'}
        </EmptyState>
      )}
      {decisions && decisions.length > 0 && (
        <>
          <DecisionTable decisions={decisions} />
          <DecisionList decisions={decisions} />
        </>
      )}
      {hasNextPage && (
        <Button className="self-center" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? 'Loading…' : 'Show more'}
        </Button>
      )}
    </section>
  );
}

/** The decisions that a query admits, newest first, a page more at a time. */
function useDecisions(query: z.input<typeof historyQuerySchema>) {
  return useInfiniteQuery({
    queryKey: ['decisions', query],
    queryFn: async ({ pageParam: after, signal }) => {
      const page = await ask(signal, (options) =>
        api.decisions.$get({ query: { ...query, after } }, options),
      );
      return z.decode(historyPageSchema, page);
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextAfter,
  });
}
