'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { fetchJson } from '#app/_data/fetch-json.ts';
import { pastDecisionSchema } from '#lib/contract/decision.ts';

const pageSchema = z.object({ items: z.array(pastDecisionSchema), next_after: z.string().nullable() });

/** The decisions that a search admits, newest first, a page more at a time. */
export function useDecisions(search: string) {
  return useInfiniteQuery({
    queryKey: ['decisions', search],
    queryFn: async ({ pageParam, signal }) => {
      const query = new URLSearchParams(search);
      if (pageParam) query.set('after', pageParam);
      return pageSchema.parse(await fetchJson(`/api/decisions?${query}`, signal));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_after,
  });
}
