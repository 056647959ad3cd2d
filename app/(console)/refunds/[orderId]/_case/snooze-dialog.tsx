'use client';

import { useState } from 'react';
import { Select } from '#app/_ui/select.tsx';
import { ReasonDialog } from './reason-dialog.tsx';

const spans = [
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

/** Asks for how long an order is put aside, and why. */
export function SnoozeDialog({ onConfirm, ...rest }: SnoozeDialogProps) {
  const [minutes, setMinutes] = useState('120');
  return (
    <ReasonDialog
      title="Put this order aside"
      does="Snooze"
      onConfirm={(note) => onConfirm(Number(minutes), note)}
      {...rest}
    >
      <Select label="For how long" value={minutes} options={spans} onChange={setMinutes} />
    </ReasonDialog>
  );
}
