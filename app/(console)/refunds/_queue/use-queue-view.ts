'use client';

import { type inferParserType, useQueryStates } from 'nuqs';
import { filterNames, queueParsers, queueUrlKeys, TRAIL_LENGTH } from './queue-params.ts';

export type QueueView = inferParserType<typeof queueParsers>;
export type QueueFilters = Omit<QueueView, 'page' | 'cursors'>;

/** The queue's state in the address and functions that change it; each change is an entry of the browser's history. */
export function useQueueView() {
  const [view, setView] = useQueryStates(queueParsers, { history: 'push', urlKeys: queueUrlKeys });
  return {
    view,
    isFiltered: filterNames.some((name) =>
      name === 'includeZero' ? !view.includeZero : view[name] !== null,
    ),
    filter: (patch: Partial<QueueFilters>) => setView({ ...patch, page: 1, cursors: [] }),
    clear: () => setView({ ...noFilters, ...firstPage }),
    goNext: (cursor: string) =>
      setView({ page: view.page + 1, cursors: [...view.cursors, cursor].slice(-TRAIL_LENGTH) }),
    goPrevious: () =>
      setView(
        view.cursors.length > 1 ? { page: view.page - 1, cursors: view.cursors.slice(0, -1) } : firstPage,
      ),
  };
}

const noFilters = Object.fromEntries(filterNames.map((name) => [name, null]));
const firstPage = { page: 1, cursors: [] };
