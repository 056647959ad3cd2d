'use client';

import { useState } from 'react';
import type { QueuePage } from '#lib/refunds/queue/index.ts';
import { asRows, mergeRows, type ShownRow } from './merge-rows.ts';
import { PAGE_SIZE } from './queue-params.ts';

type Shown = { key: string; latest: QueuePage; rows: ShownRow[]; arrived: number };

/**
 * The rows that stand on the screen for a page of the queue, `key`. Fresh pages of the same key refresh them in
 * place and count what is new; nothing moves until the key changes or `showLatest` is called.
 */
export function useShownRows(key: string, latest: QueuePage | undefined) {
  const [shown, setShown] = useState<Shown>();
  const next = latest && advance(shown, key, latest);
  if (next && next !== shown) setShown(next);
  return {
    rows: next?.rows ?? [],
    arrived: next?.arrived ?? 0,
    showLatest: () => latest && setShown({ key, latest, rows: asRows(latest.items), arrived: 0 }),
  };
}

function advance(shown: Shown | undefined, key: string, latest: QueuePage): Shown {
  if (shown?.key !== key) return { key, latest, rows: asRows(latest.items), arrived: 0 };
  if (shown.latest === latest) return shown;
  return { key, latest, ...mergeRows(shown.rows, latest.items, PAGE_SIZE) };
}
