'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { callAction } from '#app/_data/actions.ts';
import type { ActionError, ActionResult } from '#lib/auth/index.ts';
import { deleteView, listViews, saveView } from '../view-actions.ts';

/** The person's views, fetched once the menu is open, and functions that change them. */
export function useViews(open: boolean) {
  const client = useQueryClient();
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<ActionError>();
  const { data, error } = useQuery({
    queryKey: ['views'],
    enabled: open,
    queryFn: async () => {
      const result = await callAction(() => listViews({}));
      if (!result.ok) throw new Error(result.error.message);
      return result.value;
    },
  });

  /** @returns whether it was done. */
  async function run(action: () => Promise<ActionResult<unknown>>): Promise<boolean> {
    setPending(true);
    const result = await callAction(action);
    await client.invalidateQueries({ queryKey: ['views'] });
    setPending(false);
    setFailure(result.ok ? undefined : result.error);
    return result.ok;
  }

  return {
    views: data,
    error,
    pending,
    failure,
    save: (name: string, search: string) => run(() => saveView({ name, search })),
    remove: (viewId: string) => run(() => deleteView({ viewId })),
  };
}

/** What of the queue's address a view keeps: its filters and order, not the page that one is on. */
export function viewSearch(search: string): string {
  const params = new URLSearchParams(search);
  params.delete('page');
  params.delete('cursor');
  params.sort();
  return params.toString();
}
