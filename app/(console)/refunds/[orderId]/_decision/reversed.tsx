import { Notice } from '#app/_ui/notice.tsx';
import { TimeAgo } from '#app/_ui/time-ago.tsx';
import type { Decision } from '#lib/refunds/index.ts';

/** That nothing is refunded any longer, and why. */
export function Reversed({ reversal }: { reversal: Decision }) {
  return (
    <div className="mb-4">
      <Notice tone="info" title="The decision was reversed: nothing is refunded">
        <p>“{reversal.reason}”</p>
        <p className="text-12">
          {reversal.decidedBy} · <TimeAgo at={reversal.decidedTs} />
        </p>
      </Notice>
    </div>
  );
}
