'use client';

import { useEffect, useState } from 'react';
import { Button } from '#app/_ui/button.tsx';
import { useShortcuts } from '#app/_ui/shortcuts/shortcuts.tsx';
import { UNDO_SECONDS } from '#lib/contract/decision.ts';
import type { Decision } from '#lib/refunds/index.ts';
import { ActionFailure } from '../../../_frame/action-failure.tsx';
import { ReasonDialog } from '../_case/reason-dialog.tsx';
import { useStep } from '../_case/use-step.ts';
import { reverse, undo } from '../case-actions.ts';
import { makeAttemptKey } from './attempt.ts';

type TakeBackProps = {
  decision: Decision;
  viewer: { email: string; isLead: boolean };
  onTaken(): void;
};

/** Undo for who decided or approved a moment ago, a reversal for a lead at any time. */
export function TakeBack({ decision, viewer, onTaken }: TakeBackProps) {
  const { id: decisionId, orderId } = decision;
  const [key] = useState(makeAttemptKey);
  const [asking, setAsking] = useState(false);
  const { run, pending, failure } = useStep();
  const left = useSecondsLeft(decision.decidedTs);
  const canUndo = left > 0 && [decision.decidedBy, decision.approvedBy].includes(viewer.email);
  async function takeBack() {
    if (await run(() => undo({ orderId, decisionId, idempotencyKey: key }))) onTaken();
  }
  useShortcuts(
    canUndo && !pending
      ? [{ keys: 'u', group: 'Decision', label: 'Undo the decision', run: () => void takeBack() }]
      : [],
  );
  return (
    <div className="mt-3 flex flex-col gap-2 empty:hidden">
      {canUndo && (
        <Button
          size="small"
          className="numeric self-start"
          disabled={pending}
          onClick={() => void takeBack()}
        >
          {pending ? 'Undoing…' : `Undo (${left} s)`}
        </Button>
      )}
      {!canUndo && viewer.isLead && (
        <Button size="small" className="self-start" disabled={pending} onClick={() => setAsking(true)}>
          Reverse…
        </Button>
      )}
      <ActionFailure failure={failure} />
      <ReasonDialog
        title="Reverse this decision"
        does="Reverse"
        open={asking}
        pending={pending}
        onClose={() => setAsking(false)}
        onConfirm={async (reason) => {
          if (await run(() => reverse({ orderId, decisionId, reason, idempotencyKey: `${key}-r` })))
            onTaken();
        }}
      >
        <p className="text-13 text-ink-2">
          Nothing is refunded any longer. The history keeps both, and a lead may decide the order anew.
        </p>
      </ReasonDialog>
    </div>
  );
}

/** Whole seconds in which an undo is still taken; 0 until the screen knows the time. */
function useSecondsLeft(decidedTs: string): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const end = Date.parse(decidedTs) + UNDO_SECONDS * 1000;
    const tick = () => setLeft(Math.max(0, Math.floor((end - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [decidedTs]);
  return left;
}
