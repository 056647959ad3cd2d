import { Clock, ClockAlert } from 'lucide-react';
import { cx } from '#app/_ui/cx.ts';
import { formatLateness } from '#app/_ui/format.ts';

type LatenessProps = { minutes: number; p75: number; p99: number; className?: string };

/** Minutes against the location's P75: late is said in words and with a sign, not by colour alone. */
export function Lateness({ minutes, p75, p99, className }: LatenessProps) {
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
