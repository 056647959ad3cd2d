'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { api, ask } from '#app/_data/api.ts';
import { historyPageSchema, type historyQuerySchema } from '#lib/contract/decision.ts';

/** The decisions that a query admits, newest first, a page more at a time. */
export function useDecisions(query: z.input<typeof historyQuerySchema>) {
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
