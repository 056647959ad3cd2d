'use client';

import { useState } from 'react';
import { Button } from '#app/_ui/button.tsx';
import { Select } from '#app/_ui/form-controls.tsx';
import { TimeUntil } from '#app/_ui/relative-time.tsx';
import type { Case, CaseStep, Permission } from '#lib/refunds/cases/index.ts';
import { ActionFailure } from '../../../_frame/action-failure.tsx';
import { useOrderShortcuts } from '../../../_frame/open-order.tsx';
import { claim, escalate, release, snooze } from '../case-actions.ts';
import { Presence } from './presence.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import { useStep } from './use-step.ts';

type CaseBarProps = {
  orderCase: Case;
  steps: { step: CaseStep; permission: Permission }[];
  /** The version of the case that the page shows. */
  version: string;
};

const labels: Record<CaseStep, string> = {
  claim: 'Claim',
  release: 'Put back',
  snooze: 'Snooze…',
  escalate: 'Escalate…',
};
const keys: Record<CaseStep, string> = { claim: 'c', release: 'r', snooze: 's', escalate: 'e' };

/** Who has the order, who else has it open, and the steps short of deciding it. */
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
  useOrderShortcuts(
    orderId,
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
        confirmLabel="Escalate"
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

/** Who has claimed, snoozed or escalated the order, until when, and why. */
function CaseState({ orderCase }: { orderCase: Case }) {
  const { status, assignee, dueTs, note, changedBy } = orderCase;
  if (status === 'claimed')
    return (
      <p className="text-12 text-ink-2">
        {assignee} has it
        {dueTs && (
          <>
            ; free again <TimeUntil at={dueTs} />
          </>
        )}
      </p>
    );
  if (status !== 'snoozed' && status !== 'escalated') return null;
  return (
    <p className="text-12 text-ink-2">
      {dueTs && (
        <>
          Back <TimeUntil at={dueTs} /> ·{' '}
        </>
      )}
      {changedBy}: “{note}”
    </p>
  );
}

const durations = [
  { value: '30', label: '30 minutes' },
  { value: '120', label: '2 hours' },
  { value: '480', label: '8 hours' },
  { value: '1440', label: 'A day' },
  { value: '4320', label: '3 days' },
];

type SnoozeDialogProps = {
  open: boolean;
  pending: boolean;
  onClose(): void;
  onConfirm(minutes: number, note: string): void;
};

/** Asks how long to snooze an order, and why. */
function SnoozeDialog({ onConfirm, ...rest }: SnoozeDialogProps) {
  const [minutes, setMinutes] = useState('120');
  return (
    <ReasonDialog
      title="Put this order aside"
      confirmLabel="Snooze"
      onConfirm={(note) => onConfirm(Number(minutes), note)}
      {...rest}
    >
      <Select label="For how long" value={minutes} options={durations} onChange={setMinutes} />
    </ReasonDialog>
  );
}
