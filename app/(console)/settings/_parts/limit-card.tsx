'use client';

import { type FormEvent, useState } from 'react';
import { useAction } from '#app/_data/use-action.ts';
import { Button } from '#app/_ui/button.tsx';
import { Card } from '#app/_ui/card.tsx';
import { TextField } from '#app/_ui/text-field.tsx';
import { type Cents, formatUsd, toDecimal } from '#lib/money.ts';
import { ActionFailure } from '../../_frame/action-failure.tsx';
import { setLimit } from '../settings-actions.ts';

/** Above which amount a refund needs a second person; a lead sets it. */
export function LimitCard({ limitCents, isLead }: { limitCents: Cents; isLead: boolean }) {
  return (
    <Card title="Approval limit">
      <div className="flex flex-col gap-3">
        <p className="text-13">
          A refund above <span className="numeric font-semibold">{formatUsd(limitCents)}</span> waits until a
          lead other than the one who asks for it approves it.
        </p>
        {isLead && <LimitForm limitCents={limitCents} />}
      </div>
    </Card>
  );
}

function LimitForm({ limitCents }: { limitCents: Cents }) {
  const [limitUsd, setLimitUsd] = useState(toDecimal(limitCents));
  const [reason, setReason] = useState('');
  const { run, pending, failure } = useAction();
  const fieldError = (name: string) => (failure?.field === name ? failure.message : undefined);
  async function send(event: FormEvent) {
    event.preventDefault();
    if (await run(() => setLimit({ limitUsd, reason }))) setReason('');
  }
  return (
    <form onSubmit={send} noValidate className="flex flex-col gap-3">
      <div className="grid gap-3 sm:grid-cols-[10rem_minmax(0,1fr)]">
        <TextField
          label="New limit in dollars"
          inputMode="decimal"
          value={limitUsd}
          onChange={(event) => setLimitUsd(event.target.value)}
          error={fieldError('limitUsd')}
        />
        <TextField
          label="Why"
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          error={fieldError('reason')}
        />
      </div>
      <p className="text-12 text-ink-3">
        A limit that you raise yourself does not count for your own decisions.
      </p>
      {!failure?.field && <ActionFailure failure={failure} />}
      <Button type="submit" disabled={pending} className="self-start">
        {pending ? 'Saving…' : 'Set the limit'}
      </Button>
    </form>
  );
}
