import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

type DialogProps = {
  title: string;
  open: boolean;
  onClose(): void;
  children: ReactNode;
  className?: string;
  /** A title that only a screen reader tells, where the dialog speaks for itself. */
  quietTitle?: boolean;
  /** Where the focus goes on closing, if not to where it was; null leaves it at that. */
  focusAfter?(): HTMLElement | null;
};

/** A dialog over the screen; Esc and a press beside it close it, and the focus goes back to where it was. */
export function Dialog(props: DialogProps) {
  const { title, open, onClose, children, className, quietTitle, focusAfter } = props;
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-10 bg-[#000]/40" />
        <Base.Popup
          finalFocus={focusAfter}
          className={cx(
            'fixed top-[12vh] left-1/2 z-10 flex max-h-[76vh] w-[calc(100vw-24px)] max-w-120 -translate-x-1/2 flex-col rounded-8 border bg-surface outline-none',
            className,
          )}
        >
          <Base.Title
            className={quietTitle ? 'sr-only' : 'border-b px-4 py-3 text-14 leading-5 font-semibold'}
          >
            {title}
          </Base.Title>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
