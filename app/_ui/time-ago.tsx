'use client';

import { useNow } from './now.tsx';
import { formatAgo, formatBoth } from './time.ts';
import { useTimeZone } from './use-time-zone.ts';

/** A relative time, with the absolute one on hover. */
export function TimeAgo({ at, className }: { at: string; className?: string }) {
  const now = useNow();
  const timeZone = useTimeZone();
  return (
    <time dateTime={at} title={formatBoth(at, timeZone)} className={className}>
      {formatAgo(at, Math.max(now, Date.parse(at)))}
    </time>
  );
}

/** A time ahead, such as "in 4 min", with the absolute one on hover. */
export function TimeUntil({ at }: { at: string }) {
  const now = useNow();
  const timeZone = useTimeZone();
  return (
    <time dateTime={at} title={formatBoth(at, timeZone)}>
      {formatAgo(at, Math.min(now, Date.parse(at)))}
    </time>
  );
}
