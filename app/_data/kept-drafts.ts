'use client';

import { useSyncExternalStore } from 'react';
import { useViewer } from './viewer.tsx';

const PREFIX = 'caspers.draft';
const listeners = new Set<() => void>();
/** What this tab has written, also where the browser keeps nothing; null where it was removed. */
const written = new Map<string, string | null>();

/** Where a person's draft about an order is kept in this browser. */
const keyOf = (email: string, orderId: string) => `${PREFIX} ${email} ${orderId}`;

/**
 * The draft about an order that the signed-in person has left in this browser, as text, and how to replace or remove it.
 * It outlives navigation, reload and restart, until it is removed or the person signs out.
 */
export function useKeptDraft(orderId: string): [draft: string | null, keep: (draft: string | null) => void] {
  const key = keyOf(useViewer().email, orderId);
  const draft = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => null,
  );
  return [draft, (next) => write(key, next)];
}

/** Removes all drafts of a person from this browser. */
export function removeDrafts(email: string): void {
  const own = Object.keys(openStorage() ?? {}).filter((key) => key.startsWith(`${PREFIX} ${email} `));
  for (const key of own) write(key, null);
}

function read(key: string): string | null {
  return written.has(key) ? (written.get(key) ?? null) : (openStorage()?.getItem(key) ?? null);
}

function write(key: string, draft: string | null): void {
  written.set(key, draft);
  try {
    if (draft === null) openStorage()?.removeItem(key);
    else openStorage()?.setItem(key, draft);
  } catch {
    // The browser's storage is full: the draft lasts as long as this tab, by `written`.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  const onStorage = ({ key }: StorageEvent) => {
    if (key === null) written.clear();
    else written.delete(key);
    listener();
  };
  listeners.add(listener);
  window.addEventListener('storage', onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', onStorage);
  };
}

/** The browser's storage; undefined where a person has blocked it. */
function openStorage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}
