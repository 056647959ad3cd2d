'use client';

import { useCallback, useState } from 'react';
import type { QueueItem } from '#lib/refunds/queue/index.ts';

export type Selected = Pick<QueueItem, 'orderId'> & { recommendationId: string };

/** At most so many orders are decided at once. */
export const MAX_SELECTED = 200;

/** The orders that are selected for a bulk decision, as they were shown; kept from page to page. */
export function useSelection() {
  const [selected, setSelected] = useState<ReadonlyMap<string, Selected>>(new Map());

  // The same function always, so that a row renders again for a change of its own alone.
  const toggle = useCallback(({ orderId, suggestion }: QueueItem) => {
    setSelected((before) => {
      const next = new Map(before);
      if (!next.delete(orderId) && next.size < MAX_SELECTED)
        next.set(orderId, { orderId, recommendationId: suggestion.recommendationId });
      return next;
    });
  }, []);

  return { selected, toggle, clear: () => setSelected(new Map()) };
}

export type Selection = ReturnType<typeof useSelection>;
