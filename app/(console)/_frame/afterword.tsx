'use client';

import Link from 'next/link';
import { createContext, type ReactNode, use, useState } from 'react';
import { Button, buttonClass } from '#app/_ui/button.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { paths } from '#app/paths.ts';

/** That something which was sent from an order that is no longer open was not done. */
type Failed = { orderId: string; title: string; message: string };
type Tell = (failed: Failed) => void;

const TellContext = createContext<Tell | undefined>(undefined);

/** Shows what became of things that were begun on a screen which one has left, until somebody has read it. */
export function AfterwordProvider({ children }: { children: ReactNode }) {
  const [failures, setFailures] = useState<readonly Failed[]>([]);
  const [tell] = useState<Tell>(() => (failed: Failed) => setFailures((before) => [...before, failed]));
  const close = (read: Failed) => setFailures((before) => before.filter((one) => one !== read));
  return (
    <TellContext value={tell}>
      {children}
      <div className="fixed right-3 bottom-3 z-10 flex w-100 max-w-[calc(100vw-24px)] flex-col gap-2">
        {failures.map((failed, index) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: one order can fail twice
            key={`${failed.orderId} ${index}`}
            className="rounded-8 border bg-surface"
          >
            <Notice tone="bad" title={failed.title} actions={<Ways failed={failed} onClose={close} />}>
              {failed.message}
            </Notice>
          </div>
        ))}
      </div>
    </TellContext>
  );
}

function Ways({ failed, onClose }: { failed: Failed; onClose(failed: Failed): void }) {
  return (
    <>
      <Link href={paths.refund(failed.orderId)} onClick={() => onClose(failed)} className={buttonClass()}>
        Open the order
      </Link>
      <Button look="quiet" onClick={() => onClose(failed)}>
        Close
      </Button>
    </>
  );
}

export function useAfterword(): Tell {
  const tell = use(TellContext);
  if (!tell) throw new Error('useAfterword outside of AfterwordProvider');
  return tell;
}
