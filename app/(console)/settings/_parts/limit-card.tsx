'use client';

import { type FormEvent, useState } from 'react';
import { useAction } from '#app/_data/actions.ts';
import { Button } from '#app/_ui/button.tsx';
import { Card } from '#app/_ui/card.tsx';
import { TextField } from '#app/_ui/form-controls.tsx';
import { type Cents, formatUsd, toDecimal } from '#lib/money.ts';
import type { Limits } from '#lib/refunds/index.ts';
import { ActionFailure } from '../../_frame/action-failure.tsx';
import { setLimit } from '../settings-actions.ts';

/** The amounts above which a refund needs a second person: for one refund, and per day. A lead sets them. */
export function LimitCard({ limits, isLead }: { limits: Limits; isLead: boolean }) {
  const { singleCents, dailyCents, todayCents } = limits;
  return (
    <Card title="Limits">
      <div className="flex flex-col gap-3">
        <p className="text-13">
          A refund above <Amount cents={singleCents} /> waits until a lead other than the one who asks for it
          approves it.
        </p>
        <p className="text-13">
          {dailyCents === null ? (
            'There is no daily limit.'
          ) : (
            <>
              So does what goes beyond <Amount cents={dailyCents} /> a day (in UTC) of one person. You have
              refunded <Amount cents={todayCents} /> alone today.
            </>
          )}
        </p>
        {isLead && <LimitForm key={`${singleCents} ${dailyCents}`} limits={limits} />}
      </div>
    </Card>
  );
}

function Amount({ cents }: { cents: Cents }) {
  return <span className="numeric font-semibold">{formatUsd(cents)}</span>;
}

function LimitForm({ limits: { singleCents, dailyCents } }: { limits: Limits }) {
  const [limitUsd, setLimitUsd] = useState(toDecimal(singleCents));
  const [dailyLimitUsd, setDailyLimitUsd] = useState(dailyCents === null ? '' : toDecimal(dailyCents));
  const [reason, setReason] = useState('');
  const { run, pending, failure } = useAction();
  const fieldError = (name: string) => (failure?.field === name ? failure.message : undefined);
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await run(() => setLimit({ limitUsd, dailyLimitUsd, reason }))) setReason('');
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-3">
      <div className="grid gap-3 sm:grid-cols-[10rem_10rem_minmax(0,1fr)]">
        <TextField
          label="New limit in dollars"
          inputMode="decimal"
          value={limitUsd}
          onChange={(event) => setLimitUsd(event.target.value)}
          error={fieldError('limitUsd')}
        />
        <TextField
          label="Daily limit in dollars"
          inputMode="decimal"
          placeholder="None"
          value={dailyLimitUsd}
          onChange={(event) => setDailyLimitUsd(event.target.value)}
          error={fieldError('dailyLimitUsd')}
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
        A limit that you raise or lift yourself does not count for your own decisions.
      </p>
      {!failure?.field && <ActionFailure failure={failure} />}
      <Button type="submit" disabled={pending} className="self-start">
        {pending ? 'Saving…' : 'Set the limits'}
      </Button>
    </form>
  );
}
