'use client';

import Link from 'next/link';
import { createContext, type ReactNode, use, useState } from 'react';
import { Button, buttonClass } from '#app/_ui/button.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { paths } from '#app/paths.ts';

/** A request that failed after the reviewer had left the order it was sent from. */
type BackgroundFailure = { orderId: string; title: string; message: string };
type ShowFailure = (failure: BackgroundFailure) => void;

const ShowFailureContext = createContext<ShowFailure | undefined>(undefined);

/** Shows failures of requests that were sent from a screen which is no longer open, until they are dismissed. */
export function BackgroundFailures({ children }: { children: ReactNode }) {
  const [failures, setFailures] = useState<readonly BackgroundFailure[]>([]);
  const [show] = useState<ShowFailure>(
    () => (failure: BackgroundFailure) => setFailures((before) => [...before, failure]),
  );
  const dismiss = (failure: BackgroundFailure) =>
    setFailures((before) => before.filter((one) => one !== failure));
  return (
    <ShowFailureContext value={show}>
      {children}
      <div className="fixed right-3 bottom-3 z-10 flex w-100 max-w-[calc(100vw-24px)] flex-col gap-2">
        {failures.map((failure, index) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: one order can fail twice
            key={`${failure.orderId} ${index}`}
            className="rounded-8 border bg-surface"
          >
            <Notice
              tone="bad"
              title={failure.title}
              actions={<ToastActions failure={failure} onDismiss={() => dismiss(failure)} />}
            >
              {failure.message}
            </Notice>
          </div>
        ))}
      </div>
    </ShowFailureContext>
  );
}

function ToastActions({ failure, onDismiss }: { failure: BackgroundFailure; onDismiss(): void }) {
  return (
    <>
      <Link href={paths.refund(failure.orderId)} onClick={onDismiss} className={buttonClass()}>
        Open the order
      </Link>
      <Button variant="quiet" onClick={onDismiss}>
        Close
      </Button>
    </>
  );
}

/** Returns a function that shows a failure on whatever screen is open now. */
export function useFailureToast(): ShowFailure {
  const show = use(ShowFailureContext);
  if (!show) throw new Error('useFailureToast outside of BackgroundFailures');
  return show;
}
