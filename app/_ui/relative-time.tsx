'use client';

import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { formatAgo, formatWithUtc } from './format.ts';
import { useHydrated } from './use-hydrated.ts';

const TICK_MS = 15_000;
const NowContext = createContext(0);

/** Keeps relative times up to date; `initial` is the server's time, so that hydration renders the same text. */
export function NowProvider({ initial, children }: { initial: number; children: ReactNode }) {
  const [now, setNow] = useState(initial);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return <NowContext value={now}>{children}</NowContext>;
}

export function useNow(): number {
  return useContext(NowContext);
}

/** The person's own time zone, as IANA names it; UTC until the page is hydrated, since the server does not know it. */
export function useTimeZone(): string {
  return useHydrated() ? Intl.DateTimeFormat().resolvedOptions().timeZone : 'UTC';
}

/** A past time, such as "4 min ago", with the absolute time on hover. */
export function TimeAgo({ at, className }: { at: string; className?: string }) {
  const now = useNow();
  const timeZone = useTimeZone();
  return (
    <time dateTime={at} title={formatWithUtc(at, timeZone)} className={className}>
      {formatAgo(at, Math.max(now, Date.parse(at)))}
    </time>
  );
}

/** A future time, such as "in 4 min", with the absolute time on hover. */
export function TimeUntil({ at }: { at: string }) {
  const now = useNow();
  const timeZone = useTimeZone();
  return (
    <time dateTime={at} title={formatWithUtc(at, timeZone)}>
      {formatAgo(at, Math.min(now, Date.parse(at)))}
    </time>
  );
}
