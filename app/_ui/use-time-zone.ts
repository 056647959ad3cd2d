'use client';

import { useHydrated } from './use-hydrated.ts';

/** The person's own time zone, as IANA names it; UTC until the page's code runs, since the server does not know it. */
export function useTimeZone(): string {
  return useHydrated() ? Intl.DateTimeFormat().resolvedOptions().timeZone : 'UTC';
}
