import { cx } from './cx.ts';

/** A placeholder for a text or figure that is loading; give it that size. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx('skeleton block', className)} />;
}
