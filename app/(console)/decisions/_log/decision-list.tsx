import Link from 'next/link';
import { Money } from '#app/_ui/money.tsx';
import { TimeAgo } from '#app/_ui/time-ago.tsx';
import { paths } from '#app/paths.ts';
import { nameReason } from '#lib/contract/refund.ts';
import type { PastDecision } from '#lib/refunds/history/index.ts';
import { ClassBadge } from '../../refunds/_parts/class-badge.tsx';
import { describeDifference } from '../../refunds/_parts/describe-difference.ts';

/** The decisions where there is no room for a table: one below the other. */
export function DecisionList({ decisions }: { decisions: PastDecision[] }) {
  return (
    <ul aria-label="Decisions" className="divide-y rounded-8 border bg-surface @[720px]:hidden">
      {decisions.map((decision) => (
        <Entry key={decision.id} decision={decision} />
      ))}
    </ul>
  );
}

function Entry({ decision }: { decision: PastDecision }) {
  const { orderId, kind, refundClass, amountCents, decidedBy, approvedBy, decidedTs } = decision;
  return (
    <li className="flex flex-col gap-1 px-3 py-2 text-13">
      <p className="flex items-baseline justify-between gap-2">
        <Link href={paths.refund(orderId)} className="truncate font-medium hover:underline">
          {orderId}
        </Link>
        <TimeAgo at={decidedTs} className="shrink-0 text-12 text-ink-3" />
      </p>
      <p className="flex flex-wrap items-center gap-2">
        {kind === 'decision' && <Money cents={amountCents} className="font-medium" />}
        {kind === 'decision' && <ClassBadge refundClass={refundClass} />}
        <span className="numeric text-ink-2">{describeDifference(decision)}</span>
      </p>
      <p className="line-clamp-2 break-words text-ink-2">
        {decision.reasonCode && `${nameReason(decision.reasonCode)}: `}
        {decision.reason}
      </p>
      <p className="text-12 break-words text-ink-3">
        {decidedBy}
        {approvedBy && `, approved by ${approvedBy}`}
      </p>
    </li>
  );
}
