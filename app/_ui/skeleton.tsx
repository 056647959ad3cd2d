import { cx } from './cx.ts';

/** Stands where a text or figure will be; give it that size. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx('skeleton block', className)} />;
}
