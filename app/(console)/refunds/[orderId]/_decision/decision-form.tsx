'use client';

import { type FormEvent, useId, useRef } from 'react';
import { Button } from '#app/_ui/button.tsx';
import { cx } from '#app/_ui/cx.ts';
import { FieldNote, TextArea, TextField } from '#app/_ui/form-controls.tsx';
import { useHydrated } from '#app/_ui/use-hydrated.ts';
import { type RefundClass, refundClasses } from '#lib/contract/refund.ts';
import { type Cents, formatUsd, toDecimal } from '#lib/money.ts';
import type { Permission } from '#lib/refunds/cases/index.ts';
import { classLabels, RefundClassIcon } from '../../_parts/class-badge.tsx';
import { CheckingNotice, DecisionFailure } from './decision-failure.tsx';
import {
  amountError,
  amountOf,
  type Draft,
  describeSubmit,
  type FormContext,
  isOverride,
  reasonOf,
} from './draft.ts';
import { ReasonChoice } from './reason-choice.tsx';
import type { useDecision } from './use-decision.ts';
import { useDecisionKeys } from './use-decision-keys.ts';

type DecisionFormProps = ReturnType<typeof useDecision> & {
  orderId: string;
  context: FormContext;
  permission: Permission;
};

/** Class, amount and reason, and one button whose label says what it does. */
export function DecisionForm(props: DecisionFormProps) {
  const { draft, state, submit, reload, orderId, context, permission } = props;
  const disabled = state.pending || !permission.allowed;
  const hydrated = useHydrated();
  const form = useRef<HTMLFormElement>(null);
  useDecisionKeys(orderId, form, props, disabled);
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
      {state.failure && <DecisionFailure failure={state.failure} onReload={reload} onRetry={submit} />}
      {state.checking && <CheckingNotice />}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" variant="primary" size="large" disabled={disabled} className="numeric min-w-36">
          {state.checking
            ? 'Checking…'
            : state.pending
              ? 'Saving…'
              : describeSubmit(draft, context.totalCents)}
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
  context,
  disabled,
}: DecisionFormProps & { disabled: boolean }) {
  const total = context.totalCents;
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
      {isOverride(draft, context) && (
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
        value={reasonOf(draft, context)}
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

type ClassChoiceProps = {
  value: RefundClass | null;
  total: Cents;
  disabled: boolean;
  error: string | undefined;
  onChange(refundClass: RefundClass): void;
};

/** None, partial or full, each with its amount. */
function ClassChoice({ value, total, disabled, error, onChange }: ClassChoiceProps) {
  const id = useId();
  const notes = { none: '$0.00', partial: 'an amount', full: formatUsd(total) };
  return (
    <fieldset
      disabled={disabled}
      aria-describedby={error ? `${id}-note` : undefined}
      className="flex flex-col gap-1"
    >
      <legend className="mb-1 text-13 font-medium">Refund</legend>
      <div className="grid grid-cols-3 gap-2">
        {refundClasses.map((refundClass) => (
          <label
            key={refundClass}
            className={cx(
              'relative flex min-w-0 flex-col rounded-8 border px-3 py-2 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
              refundClass === value ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface',
              disabled ? 'cursor-not-allowed border-line text-ink-3' : 'cursor-pointer',
            )}
          >
            <input
              type="radio"
              name={`${id}-class`}
              value={refundClass}
              checked={refundClass === value}
              onChange={() => onChange(refundClass)}
              className="absolute inset-0 cursor-[inherit] appearance-none rounded-8 outline-none"
            />
            <span
              className={cx(
                'flex items-center gap-2 text-13 font-medium',
                refundClass === value && 'text-accent',
              )}
            >
              <RefundClassIcon refundClass={refundClass} />
              {classLabels[refundClass]}
            </span>
            <span className="numeric truncate text-12 text-ink-3">{notes[refundClass]}</span>
          </label>
        ))}
      </div>
      <FieldNote id={`${id}-note`} error={error} />
    </fieldset>
  );
}
