'use client';

import { useId } from 'react';
import { cx } from '#app/_ui/cx.ts';
import { ShareMark } from '#app/_ui/share-mark.tsx';
import { FieldNote } from '#app/_ui/text-field.tsx';
import { type RefundClass, refundClasses } from '#lib/contract/refund.ts';
import { type Cents, formatUsd } from '#lib/money.ts';
import { classLabels } from '../../_parts/class-badge.tsx';

type ClassChoiceProps = {
  value: RefundClass | null;
  total: Cents;
  disabled: boolean;
  error: string | undefined;
  onChange(refundClass: RefundClass): void;
};

/** None, partial or full, each with what it comes to. */
export function ClassChoice({ value, total, disabled, error, onChange }: ClassChoiceProps) {
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
              <ShareMark share={refundClass} />
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
