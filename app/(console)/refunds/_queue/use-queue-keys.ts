'use client';

import { useEffect, useRef } from 'react';
import { useShortcuts } from '#app/_keyboard/shortcuts.tsx';
import type { QueueItem } from '#lib/refunds/queue/index.ts';
import { useOpenOrder } from '../../_frame/open-order.tsx';
import { type Pagination, usePageTurn } from './pagination.tsx';
import type { useQueueData } from './use-queue-data.ts';

const GROUP = 'Queue';

type QueueKeysParams = {
  orderId: string | null;
  queue: Pick<ReturnType<typeof useQueueData>, 'rows' | 'data' | 'stale' | 'error'>;
  pagination: Pagination;
  toggle(item: QueueItem): void;
};

/**
 * j and k move down and up the queue and past the ends of its pages: from order to order where one is open, else from row
 * to row, and Enter opens. x selects. Esc closes the order and returns to its row.
 */
export function useQueueKeys({ orderId, queue, pagination, toggle }: QueueKeysParams) {
  const rows = queue.rows.map(({ item }) => item.orderId);
  const open = useOpenOrder();
  const lastOpened = useRef<string | null>(null);
  useEffect(() => {
    if (orderId) lastOpened.current = orderId;
    else if (lastOpened.current) focusRow(lastOpened.current);
  }, [orderId]);

  const current = () => (orderId ? rows.indexOf(orderId) : focusedRow(rows));

  const openRow = (target: string) => (orderId ? open(target) : focusRow(target));
  const arrived = queue.data !== undefined && !queue.stale;
  const turnPage = usePageTurn({ ...pagination, rows, arrived, failed: queue.error !== null, openRow });

  function go(step: 1 | -1) {
    const at = current();
    const target = rows[at < 0 ? 0 : at + step];
    if (target === undefined) turnPage(step);
    else openRow(target);
  }

  useShortcuts([
    { keys: 'j', group: GROUP, label: 'Next order', run: () => go(1) },
    { keys: 'k', group: GROUP, label: 'Previous order', run: () => go(-1) },
    {
      keys: 'x',
      group: GROUP,
      label: 'Select the order',
      run: () => {
        const row = queue.rows[current()];
        if (row) toggle(row.item);
      },
    },
    ...(orderId
      ? [
          {
            keys: 'Escape',
            group: GROUP,
            label: 'Back to the queue',
            run: () => open(null),
          },
        ]
      : []),
  ]);
}

function rowOf(orderId: string): HTMLElement | undefined {
  const rows = document.querySelectorAll<HTMLElement>('[data-queue-row]');
  return [...rows].find((row) => row.dataset.queueRow === orderId);
}

function focusRow(orderId: string) {
  const row = rowOf(orderId);
  row?.focus();
  row?.scrollIntoView({ block: 'nearest' });
}

function focusedRow(rows: readonly string[]): number {
  return rows.findIndex((orderId) => rowOf(orderId)?.matches(':focus'));
}
