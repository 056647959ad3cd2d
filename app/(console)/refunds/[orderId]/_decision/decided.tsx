'use client';

import { CircleCheck } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { TimeAgo } from '#app/_ui/time-ago.tsx';
import { formatUsd } from '#lib/money.ts';
import type { Decision } from '#lib/refunds/index.ts';

/** The decision that stands. Where it was made a moment ago, it takes the focus from the form that it replaces. */
export function Decided({ decision, justNow }: { decision: Decision; justNow: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (justNow) place.current?.focus();
  }, [justNow]);
  return (
    <div ref={place} role="status" tabIndex={-1} className="flex items-start gap-3 outline-none">
      <CircleCheck aria-hidden className="mt-0.5 size-5 shrink-0 text-good" />
      <div className="min-w-0">
        <p className="text-14 font-semibold">
          Decided: {decision.amountCents === 0 ? 'no refund' : `refund of ${formatUsd(decision.amountCents)}`}
        </p>
        <p className="text-13 text-ink-2">
          {decision.decidedBy} · <TimeAgo at={decision.decidedTs} />
        </p>
      </div>
    </div>
  );
}
