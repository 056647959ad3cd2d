'use client';

import { useState } from 'react';
import { Button } from '#app/_ui/button.tsx';
import { useShortcuts } from '#app/_ui/shortcuts/shortcuts.tsx';
import type { Case, CaseStep, Permission } from '#lib/refunds/cases/index.ts';
import { ActionFailure } from '../../../_frame/action-failure.tsx';
import { claim, escalate, release, snooze } from '../case-actions.ts';
import { Presence } from './presence.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import { SnoozeDialog } from './snooze-dialog.tsx';
import { CaseState } from './standing.tsx';
import { useStep } from './use-step.ts';

type CaseBarProps = {
  orderCase: Case;
  steps: { step: CaseStep; permission: Permission }[];
  /** What the page was made of. */
  version: string;
};

const labels: Record<CaseStep, string> = {
  claim: 'Claim',
  release: 'Put back',
  snooze: 'Snooze…',
  escalate: 'Escalate…',
};
const keys: Record<CaseStep, string> = { claim: 'c', release: 'r', snooze: 's', escalate: 'e' };

/** Who has the order, who else looks at it, and the steps short of deciding it. */
export function CaseBar({ orderCase, steps, version }: CaseBarProps) {
  const [asking, setAsking] = useState<'snooze' | 'escalate' | null>(null);
  const { run, pending, failure } = useStep();
  const { orderId } = orderCase;
  function take(step: CaseStep) {
    if (step === 'claim') void run(() => claim({ orderId }));
    else if (step === 'release') void run(() => release({ orderId }));
    else setAsking(step);
  }
  const allowed = steps.filter(({ permission }) => permission.allowed && !pending);
  useShortcuts(
    allowed.map(({ step }) => ({
      keys: keys[step],
      group: 'Order',
      label: labels[step].replace('…', ''),
      run: () => take(step),
    })),
  );
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        {steps.map(({ step, permission }) => (
          <Button
            key={step}
            size="small"
            disabled={pending || !permission.allowed}
            title={permission.allowed ? undefined : permission.disabledReason}
            onClick={() => take(step)}
          >
            {labels[step]}
          </Button>
        ))}
        <CaseState orderCase={orderCase} />
      </div>
      <Presence orderId={orderId} version={version} />
      <ActionFailure failure={failure} />
      <SnoozeDialog
        open={asking === 'snooze'}
        pending={pending}
        onClose={() => setAsking(null)}
        onConfirm={async (minutes, note) => {
          if (await run(() => snooze({ orderId, minutes, note }))) setAsking(null);
        }}
      />
      <ReasonDialog
        title="Escalate to a lead"
        does="Escalate"
        open={asking === 'escalate'}
        pending={pending}
        onClose={() => setAsking(null)}
        onConfirm={async (note) => {
          if (await run(() => escalate({ orderId, note }))) setAsking(null);
        }}
      />
    </div>
  );
}
