'use client';

import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '#app/_ui/button.tsx';
import { Dialog } from '#app/_ui/dialog.tsx';
import { TextArea } from '#app/_ui/form-controls.tsx';
import { isVisible } from '#lib/contract/fields.ts';

type ReasonDialogProps = {
  title: string;
  confirmLabel: string;
  open: boolean;
  pending: boolean;
  onClose(): void;
  onConfirm(reason: string): void;
  children?: ReactNode;
};

/** Asks for the reason of a step. */
export function ReasonDialog({
  title,
  confirmLabel,
  open,
  pending,
  onClose,
  onConfirm,
  children,
}: ReasonDialogProps) {
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  function send(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (isVisible(reason)) onConfirm(reason.trim());
  }
  return (
    <Dialog title={title} open={open} onClose={onClose}>
      <form onSubmit={send} noValidate className="flex flex-col gap-4 p-4">
        {children}
        <TextArea
          label="Why"
          rows={3}
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          error={asked && !isVisible(reason) ? 'Say why, for whoever reads this later.' : undefined}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={pending}>
            {pending ? 'Saving…' : confirmLabel}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
