'use client';

import { useSyncExternalStore } from 'react';

const never = () => () => undefined;

/** Whether the page is hydrated; a form that needs JavaScript stays disabled until then. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
