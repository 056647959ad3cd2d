'use client';

import { useEffect, useState } from 'react';
import { Button } from '#app/_ui/button.tsx';
import { UNDO_SECONDS } from '#lib/contract/decision.ts';
import type { Decision } from '#lib/refunds/index.ts';
import { ActionFailure } from '../../../_frame/action-failure.tsx';
import { useOrderShortcuts } from '../../../_frame/open-order.tsx';
import { ReasonDialog } from '../_case/reason-dialog.tsx';
import { useStep } from '../_case/use-step.ts';
import { reverse, undo } from '../case-actions.ts';
import { makeAttemptKey } from './attempt.ts';

type RevokeDecisionProps = {
  decision: Decision;
  viewer: { email: string; isLead: boolean };
  onRevoked(): void;
};

/** Undo for the person who decided or approved a moment ago; a reversal for a lead at any time. */
export function RevokeDecision({ decision, viewer, onRevoked }: RevokeDecisionProps) {
  const { id: decisionId, orderId } = decision;
  const [key] = useState(makeAttemptKey);
  const [asking, setAsking] = useState(false);
  const { run, pending, failure } = useStep();
  const left = useSecondsLeft(decision.decidedTs);
  const canUndo =
    left !== undefined && left > 0 && [decision.decidedBy, decision.approvedBy].includes(viewer.email);
  const canReverse = left !== undefined && !canUndo && viewer.isLead;
  async function undoNow() {
    if (await run(() => undo({ orderId, decisionId, idempotencyKey: key }))) onRevoked();
  }
  useOrderShortcuts(
    orderId,
    canUndo && !pending
      ? [{ keys: 'u', group: 'Decision', label: 'Undo the decision', run: () => void undoNow() }]
      : canReverse && !pending
        ? [{ keys: 'r', group: 'Decision', label: 'Reverse the decision', run: () => setAsking(true) }]
        : [],
  );
  return (
    <div className="mt-3 flex flex-col gap-2 empty:hidden">
      {canUndo && (
        <Button size="small" className="numeric self-start" disabled={pending} onClick={() => void undoNow()}>
          {pending ? 'Undoing…' : `Undo (${left} s)`}
        </Button>
      )}
      {canReverse && (
        <Button size="small" className="self-start" disabled={pending} onClick={() => setAsking(true)}>
          Reverse…
        </Button>
      )}
      <ActionFailure failure={failure} />
      <ReasonDialog
        title="Reverse this decision"
        confirmLabel="Reverse"
        open={asking}
        pending={pending}
        onClose={() => setAsking(false)}
        onConfirm={async (reason) => {
          if (await run(() => reverse({ orderId, decisionId, reason, idempotencyKey: `${key}-r` })))
            onRevoked();
        }}
      >
        <p className="text-13 text-ink-2">
          Nothing is refunded any longer. The history keeps both, and a lead may decide the order anew.
        </p>
      </ReasonDialog>
    </div>
  );
}

/** Whole seconds in which an undo is still accepted; undefined until the browser, whose clock it takes, has taken over. */
function useSecondsLeft(decidedTs: string): number | undefined {
  const [left, setLeft] = useState<number>();
  useEffect(() => {
    const end = Date.parse(decidedTs) + UNDO_SECONDS * 1000;
    const tick = () => setLeft(Math.max(0, Math.floor((end - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [decidedTs]);
  return left;
}
