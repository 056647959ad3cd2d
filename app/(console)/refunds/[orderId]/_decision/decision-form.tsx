'use client';

import { type FormEvent, useRef } from 'react';
import { Button } from '#app/_ui/button.tsx';
import { TextArea, TextField } from '#app/_ui/text-field.tsx';
import { useHydrated } from '#app/_ui/use-hydrated.ts';
import { type Cents, formatUsd, toDecimal } from '#lib/money.ts';
import type { Permission } from '#lib/refunds/cases/index.ts';
import { ClassChoice } from './class-choice.tsx';
import { Checking, DecisionFailure } from './decision-failure.tsx';
import {
  amountError,
  amountOf,
  type Basis,
  type Draft,
  describeSubmit,
  isDeparture,
  reasonOf,
} from './draft.ts';
import { ReasonChoice } from './reason-choice.tsx';
import type { useDecision } from './use-decision.ts';
import { useDecisionKeys } from './use-decision-keys.ts';

type DecisionFormProps = ReturnType<typeof useDecision> & {
  orderId: string;
  basis: Basis;
  permission: Permission;
};

/** Class, amount and reason, and one button that says what it does. */
export function DecisionForm(props: DecisionFormProps) {
  const { draft, state, submit, reload, orderId, basis, permission } = props;
  const disabled = state.pending || !permission.allowed;
  const hydrated = useHydrated();
  const form = useRef<HTMLFormElement>(null);
  useDecisionKeys(form, props, disabled);
  function send(event: FormEvent) {
    event.preventDefault();
    void submit();
  }
  return (
    <form
      ref={form}
      method="post"
      onSubmit={send}
      noValidate
      inert={!hydrated}
      className="flex flex-col gap-3"
    >
      <DecisionFields {...props} disabled={disabled} />
      {state.failure && (
        <DecisionFailure failure={state.failure} orderId={orderId} onReload={reload} onRetry={submit} />
      )}
      {state.checking && <Checking />}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" size="large" disabled={disabled} className="numeric min-w-36">
          {state.checking ? 'Checking…' : state.pending ? 'Saving…' : describeSubmit(draft, basis.totalCents)}
        </Button>
        {!permission.allowed && <p className="text-13 text-ink-2">{permission.disabledReason}</p>}
      </div>
    </form>
  );
}

function DecisionFields({
  draft,
  state,
  change,
  basis,
  disabled,
}: DecisionFormProps & { disabled: boolean }) {
  const total = basis.totalCents;
  const typed = draft.amount === '' ? {} : amountError(draft, total);
  return (
    <>
      <ClassChoice
        value={draft.refundClass}
        total={total}
        disabled={disabled}
        error={state.errors.refundClass}
        onChange={(refundClass) => change({ refundClass })}
      />
      <TextField
        label="Amount in dollars"
        name="amount"
        inputMode="decimal"
        autoComplete="off"
        value={shownAmount(draft, total)}
        onChange={(event) => change({ amount: event.target.value })}
        disabled={disabled || draft.refundClass !== 'partial'}
        hint={`At most ${formatUsd(total)}, the order's total.`}
        error={state.errors.amountUsd ?? typed.amountUsd}
        className="numeric"
      />
      {isDeparture(draft, basis) && (
        <ReasonChoice
          value={draft.reasonCode}
          disabled={disabled}
          error={state.errors.reasonCode}
          onChange={(reasonCode) => change({ reasonCode })}
        />
      )}
      <TextArea
        label="Reason"
        name="reason"
        rows={3}
        className="field-sizing-content min-h-20"
        maxLength={1000}
        value={reasonOf(draft, basis)}
        onChange={(event) => change({ reason: event.target.value })}
        disabled={disabled}
        hint="Stays with the decision for good."
        error={state.errors.reason}
      />
    </>
  );
}

function shownAmount(draft: Draft, total: Cents): string {
  if (draft.refundClass === null || draft.refundClass === 'partial') return draft.amount;
  return toDecimal(amountOf(draft, total) ?? 0);
}
