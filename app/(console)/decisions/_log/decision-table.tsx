import Link from 'next/link';
import { Money } from '#app/_ui/money.tsx';
import { TimeAgo } from '#app/_ui/relative-time.tsx';
import { paths } from '#app/paths.ts';
import { nameReason } from '#lib/contract/refund.ts';
import type { PastDecision } from '#lib/refunds/history/index.ts';
import { ClassBadge } from '../../refunds/_parts/class-badge.tsx';
import { describeDifference } from '../../refunds/_parts/describe-difference.ts';

const columns = ['When', 'Order', 'What', 'Amount', 'Against the suggestion', 'Who', 'Why'] as const;

/** One row per decision, undo or reversal. */
export function DecisionTable({ decisions }: { decisions: PastDecision[] }) {
  return (
    <section
      aria-label="Decisions"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways where there is no room
      tabIndex={0}
      className="hidden overflow-x-auto rounded-8 border bg-surface @[720px]:block"
    >
      <table className="w-full min-w-220 text-13">
        <thead>
          <tr>
            {columns.map((name) => (
              <th
                key={name}
                scope="col"
                className={`border-b px-3 py-2 text-12 font-medium text-ink-2 ${name === 'Amount' ? 'text-right' : 'text-left'}`}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">
          {decisions.map((decision) => (
            <DecisionRow key={decision.id} decision={decision} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function DecisionRow({ decision }: { decision: PastDecision }) {
  const { orderId, kind, refundClass, amountCents, decidedBy, approvedBy, decidedTs } = decision;
  return (
    <tr className="align-top">
      <td className="px-3 py-2 whitespace-nowrap text-ink-2">
        <TimeAgo at={decidedTs} />
      </td>
      <td className="px-3 py-2">
        <Link href={paths.refund(orderId)} className="font-medium hover:underline">
          {orderId}
        </Link>
      </td>
      <td className="px-3 py-2 whitespace-nowrap">
        {kind === 'decision' ? (
          <ClassBadge refundClass={refundClass} />
        ) : kind === 'undo' ? (
          'Undone'
        ) : (
          'Reversed'
        )}
      </td>
      <td className="px-3 py-2 text-right font-medium">
        {kind === 'decision' && <Money cents={amountCents} />}
      </td>
      <td className="numeric px-3 py-2 whitespace-nowrap text-ink-2">
        {kind === 'decision' && describeDifference(decision)}
      </td>
      <td className="px-3 py-2">
        {decidedBy}
        {approvedBy && <span className="block text-12 text-ink-3">approved by {approvedBy}</span>}
      </td>
      <td className="max-w-100 px-3 py-2 break-words">
        {decision.reasonCode && (
          <span className="block text-12 text-ink-3">{nameReason(decision.reasonCode)}</span>
        )}
        <span className="line-clamp-2">{decision.reason}</span>
      </td>
    </tr>
  );
}

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
