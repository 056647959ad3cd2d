import { Card } from '#app/_ui/card.tsx';
import { Money } from '#app/_ui/money.tsx';
import { TimeAgo } from '#app/_ui/time-ago.tsx';
import { nameReason } from '#lib/contract/reason-code.ts';
import type { PastDecision } from '#lib/refunds/types.ts';
import { ClassBadge } from '../../_parts/class-badge.tsx';
import { describeDifference } from '../../_parts/describe-difference.ts';

/** Who decided what and when, newest first, each against what was suggested. */
export function History({ decisions }: { decisions: PastDecision[] }) {
  return (
    <Card title="Decision history">
      {decisions.length === 0 ? (
        <p className="text-13 text-ink-2">Nobody has decided this order yet.</p>
      ) : (
        <ol className="flex flex-col divide-y">
          {decisions.map((decision) => (
            <Entry key={decision.id} decision={decision} />
          ))}
        </ol>
      )}
    </Card>
  );
}

function Entry({ decision }: { decision: PastDecision }) {
  return (
    <li className="flex flex-col gap-1 py-3 first:pt-0 last:pb-0">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Money cents={decision.amountCents} className="text-16 font-semibold" />
        <ClassBadge refundClass={decision.refundClass} />
        <span className="text-12 text-ink-3">{describeDifference(decision)}</span>
      </p>
      <p className="text-13 break-words whitespace-pre-line">{decision.reason}</p>
      <p className="text-12 text-ink-3">
        {decision.reasonCode && `${nameReason(decision.reasonCode)} · `}
        {decision.decidedBy}
        {decision.approvedBy && `, approved by ${decision.approvedBy}`} · <TimeAgo at={decision.decidedTs} />
      </p>
    </li>
  );
}
