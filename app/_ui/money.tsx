import { type Cents, formatUsd } from '#lib/money.ts';
import { cx } from './cx.ts';

export function Money({ cents, className }: { cents: Cents; className?: string }) {
  return <span className={cx('numeric whitespace-nowrap', className)}>{formatUsd(cents)}</span>;
}
