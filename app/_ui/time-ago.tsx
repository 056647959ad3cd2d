'use client';

import { useNow } from './now.tsx';
import { formatAgo, formatInstant } from './time.ts';

/** A relative time, with the absolute one on hover. */
export function TimeAgo({ at, className }: { at: string; className?: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={formatInstant(at)} className={className}>
      {formatAgo(at, Math.max(now, Date.parse(at)))}
    </time>
  );
}

/** A time ahead, such as "in 4 min", with the absolute one on hover. */
export function TimeUntil({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={formatInstant(at)}>
      {formatAgo(at, Math.min(now, Date.parse(at)))}
    </time>
  );
}
