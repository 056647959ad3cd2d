import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

type DialogProps = {
  title: string;
  open: boolean;
  onClose(): void;
  children: ReactNode;
  className?: string;
  /** Shows the title to screen readers only. */
  hideTitle?: boolean;
  /** What gets the focus on closing instead of the element that had it before; null keeps the default. */
  finalFocus?(): HTMLElement | null;
};

/** A modal dialog; Esc or a click outside closes it, and the focus returns to the element that had it. */
export function Dialog(props: DialogProps) {
  const { title, open, onClose, children, className, hideTitle, finalFocus } = props;
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-10 bg-[#000]/40" />
        <Base.Popup
          finalFocus={finalFocus}
          className={cx(
            'fixed top-[12vh] left-1/2 z-10 flex max-h-[76vh] w-[calc(100vw-24px)] max-w-120 -translate-x-1/2 flex-col rounded-8 border bg-surface outline-none',
            className,
          )}
        >
          <Base.Title
            className={hideTitle ? 'sr-only' : 'border-b px-4 py-3 text-14 leading-5 font-semibold'}
          >
            {title}
          </Base.Title>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
