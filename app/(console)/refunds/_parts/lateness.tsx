import { Clock, ClockAlert } from 'lucide-react';
import { cx } from '#app/_ui/cx.ts';
import { formatLateness } from '#app/_ui/format.ts';
import type { Evidence } from '#lib/contract/refund.ts';

type LatenessProps = { minutes: number; evidence: Evidence; className?: string };

/** Minutes against the location's P75: late is said in words and with a sign, not by colour alone. */
export function Lateness({ minutes, evidence, className }: LatenessProps) {
  const { outcome, p75_minutes: p75, p99_minutes: p99 } = evidence;
  if (outcome)
    return (
      <span className={cx('text-12 whitespace-nowrap text-bad', className)}>{outcomeLabels[outcome]}</span>
    );
  const over = minutes - p75;
  const late = over > 0;
  const Icon = late ? ClockAlert : Clock;
  const tone = minutes > p99 ? 'text-bad' : late ? 'text-warn' : 'text-ink-3';
  return (
    <span className={cx('numeric inline-flex items-center gap-1 text-12 whitespace-nowrap', tone, className)}>
      <Icon aria-hidden className="size-3" />
      {formatLateness(over)}
      <span className="sr-only">{late ? ' late, against the P75' : ' against the P75'}</span>
    </span>
  );
}

const outcomeLabels = {
  undelivered: 'Never delivered',
  cancelled: 'Cancelled',
  waiting: 'Waiting for a record',
} as const;
