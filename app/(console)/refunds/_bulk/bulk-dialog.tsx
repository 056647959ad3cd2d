'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#app/_ui/button.tsx';
import { Dialog } from '#app/_ui/dialog.tsx';
import { TextArea } from '#app/_ui/form-controls.tsx';
import { Skeleton } from '#app/_ui/skeleton.tsx';
import { isVisible } from '#lib/contract/fields.ts';
import type { ReasonCode } from '#lib/contract/refund.ts';
import { ActionFailure } from '../../_frame/action-failure.tsx';
import { ReasonChoice } from '../[orderId]/_decision/reason-choice.tsx';
import { Outcomes, PreviewFacts, summarizePreview } from './bulk-results.tsx';
import { type Choice, useBulk } from './use-bulk.ts';
import type { Selected } from './use-selection.ts';

type BulkDialogProps = { choice: Choice; orders: Selected[]; onClose(): void; onDone(): void };

/** Shows what a bulk decision would do, asks for a reason where it overrides a suggestion, and lists the outcomes. */
export function BulkDialog({ choice, orders, onClose, onDone }: BulkDialogProps) {
  const { preview, decide, pending, failure, outcomes } = useBulk(orders, choice);
  const title = choice === 'accept' ? 'Decide as suggested' : 'Decide without a refund';
  return (
    <Dialog
      title={title}
      open
      finalFocus={() => (outcomes ? document.getElementById('queue-title') : null)}
      onClose={() => {
        if (!pending) (outcomes ? onDone : onClose)();
      }}
    >
      <div className="flex flex-col gap-4 overflow-y-auto p-4">
        {outcomes ? (
          <Outcomes outcomes={outcomes} onDone={onDone} />
        ) : preview.data ? (
          <>
            <PreviewFacts rows={preview.data} />
            <ActionFailure failure={failure} />
            <Confirm
              sum={summarizePreview(preview.data)}
              pending={pending}
              onCancel={onClose}
              onConfirm={decide}
            />
          </>
        ) : preview.error ? (
          <p role="alert" className="text-13 text-bad">
            {preview.error.message}
          </p>
        ) : (
          <Skeleton className="h-24 w-full" />
        )}
      </div>
    </Dialog>
  );
}

type ConfirmProps = {
  sum: ReturnType<typeof summarizePreview>;
  pending: boolean;
  onCancel(): void;
  onConfirm(why: { reason?: string; reasonCode?: ReasonCode }): void;
};

function Confirm({ sum, pending, onCancel, onConfirm }: ConfirmProps) {
  const [code, setCode] = useState<ReasonCode | null>(null);
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  function send(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (!sum.needsReason) return onConfirm({});
    if (code && isVisible(reason)) onConfirm({ reason: reason.trim(), reasonCode: code });
  }
  return (
    <form onSubmit={send} noValidate className="flex flex-col gap-3">
      {sum.needsReason && (
        <>
          <ReasonChoice
            value={code}
            disabled={pending}
            error={asked && !code ? 'Choose why you depart from the suggestion.' : undefined}
            onChange={setCode}
          />
          <TextArea
            label="Reason"
            rows={2}
            maxLength={1000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            disabled={pending}
            error={asked && !isVisible(reason) ? 'Say why, in a few words.' : undefined}
          />
        </>
      )}
      <div className="flex justify-end gap-2">
        <Button disabled={pending} onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" variant="primary" disabled={pending || sum.orders === 0} className="numeric">
          {pending ? 'Saving…' : sum.label}
        </Button>
      </div>
    </form>
  );
}
