'use client';

import { useEffect } from 'react';

const steps: Record<string, number> = { j: 1, k: -1 };

/** j and k move the focus down and up the queue, Enter opens; nothing happens while somebody types. */
export function useRowKeys() {
  useEffect(() => {
    document.addEventListener('keydown', moveFocus);
    return () => document.removeEventListener('keydown', moveFocus);
  }, []);
}

function moveFocus(event: KeyboardEvent) {
  const step = steps[event.key];
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  if (step === undefined || modified || isTyping(event.target)) return;
  const rows = [...document.querySelectorAll<HTMLElement>('[data-queue-row]')];
  const focused = rows.findIndex((row) => row.matches(':focus'));
  const open = rows.findIndex((row) => row.ariaCurrent === 'true');
  const from = focused >= 0 ? focused : open;
  const row = rows[from < 0 ? 0 : from + step];
  if (!row || row.offsetParent === null) return;
  event.preventDefault();
  row.focus();
  row.scrollIntoView({ block: 'nearest' });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [role="menu"]') !== null;
}
