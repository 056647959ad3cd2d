'use client';

import { useSyncExternalStore } from 'react';

const never = () => () => undefined;

/** Whether the page's code runs yet: a form that needs it stays closed until then. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
