'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { createContext, type ReactNode, use, useState } from 'react';
import { callAction, isUnchanged } from '#app/_data/actions.ts';
import { Button, buttonClass } from '#app/_ui/button.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { paths } from '#app/paths.ts';
import type { ActionResult } from '#lib/auth/index.ts';
import { UNDO_SECONDS } from '#lib/contract/decision.ts';
import { type Cents, formatUsd } from '#lib/money.ts';
import { OrderLink, useAskedOrder } from './open-order.tsx';

/** A request that failed after the reviewer had left the order it was sent from. */
type FailedRequest = { orderId: string; title: string; message: string };
/** A decision that was made on this screen; `amountCents` is 0 for no refund. */
type MadeDecision = {
  orderId: string;
  id: string;
  amountCents: Cents;
  undo(): Promise<ActionResult<unknown>>;
};
type Messages = { showFailure(failure: FailedRequest): void; showDecision(decision: MadeDecision): void };

const MessagesContext = createContext<Messages | undefined>(undefined);

/**
 * Messages that outlive the screen they come from: failures until they are dismissed, and decisions, with their undo, for
 * as long as that is possible. A decision is not repeated on the screen of its own order.
 */
export function BackgroundMessages({ children }: { children: ReactNode }) {
  const [failures, setFailures] = useState<readonly FailedRequest[]>([]);
  const [decisions, setDecisions] = useState<readonly MadeDecision[]>([]);
  const openOrder = useAskedOrder();
  const end = (id: string) => setDecisions((before) => before.filter((one) => one.id !== id));
  const [show] = useState<Messages>(() => ({
    showFailure: (failure) => setFailures((before) => [...before, failure]),
    showDecision(decision) {
      setDecisions((before) => [...before, decision]);
      setTimeout(() => end(decision.id), UNDO_SECONDS * 1000);
    },
  }));
  const dismiss = (failure: FailedRequest) =>
    setFailures((before) => before.filter((one) => one !== failure));
  return (
    <MessagesContext value={show}>
      {children}
      <div className="fixed bottom-3 left-3 md:left-21 z-10 flex w-100 max-w-[calc(100vw-24px)] flex-col gap-2 print:hidden">
        {failures.map((failure, index) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: one order can fail twice
            key={`${failure.orderId} ${index}`}
            className="rounded-8 border bg-surface"
          >
            <Notice
              tone="bad"
              title={failure.title}
              actions={<FailureActions failure={failure} onDismiss={() => dismiss(failure)} />}
            >
              {failure.message}
            </Notice>
          </div>
        ))}
        {decisions.map((decision) => (
          <DecisionMessage
            key={decision.id}
            decision={decision}
            isOpen={decision.orderId === openOrder}
            onEnd={() => end(decision.id)}
          />
        ))}
      </div>
    </MessagesContext>
  );
}

/** “Refunded $2.00 on 4VB75N1K” with its undo, for as long as an undo is accepted. */
function DecisionMessage(props: { decision: MadeDecision; isOpen: boolean; onEnd(): void }) {
  const { decision, isOpen, onEnd } = props;
  const { orderId, amountCents } = decision;
  const { showFailure } = useBackgroundMessages();
  const [pending, setPending] = useState(false);
  const client = useQueryClient();
  const router = useRouter();
  async function undoNow() {
    setPending(true);
    const result = await callAction(decision.undo);
    setPending(false);
    if (!result.ok)
      showFailure({
        orderId,
        title: `Order ${orderId}: the decision was not undone`,
        message: result.error.message,
      });
    // The session may have ended: a refresh would lead to the sign-in page. The undo can be pressed again.
    if (!result.ok && isUnchanged(result.error)) return;
    onEnd();
    void client.invalidateQueries({ queryKey: ['queue'] });
    void client.invalidateQueries({ queryKey: ['summary'] });
    router.refresh();
  }
  if (isOpen) return null;
  return (
    <div role="status" className="flex items-center gap-3 rounded-8 border bg-surface px-3 py-2 text-13">
      <p className="numeric min-w-0 flex-1">
        {amountCents === 0 ? 'No refund for ' : `Refunded ${formatUsd(amountCents)} on `}
        <OrderLink orderId={orderId} href={paths.refund(orderId)} className="font-medium text-accent">
          {orderId}
        </OrderLink>
      </p>
      <Button size="small" disabled={pending} onClick={() => void undoNow()}>
        {pending ? 'Undoing…' : 'Undo'}
      </Button>
    </div>
  );
}

function FailureActions({ failure, onDismiss }: { failure: FailedRequest; onDismiss(): void }) {
  return (
    <>
      <OrderLink
        orderId={failure.orderId}
        href={paths.refund(failure.orderId)}
        onClick={onDismiss}
        className={buttonClass()}
      >
        Open the order
      </OrderLink>
      <Button variant="quiet" onClick={onDismiss}>
        Close
      </Button>
    </>
  );
}

/** Returns functions that show a message on whatever screen is open now. */
export function useBackgroundMessages(): Messages {
  const messages = use(MessagesContext);
  if (!messages) throw new Error('useBackgroundMessages outside of BackgroundMessages');
  return messages;
}
