'use client';

import type { ComponentProps } from 'react';
import { SearchBox } from '#app/_keyboard/search-box.tsx';
import { Select } from '#app/_ui/form-controls.tsx';
import { decisionKinds, suggestionOutcomes } from '#lib/contract/decision.ts';
import { refundClasses } from '#lib/contract/refund.ts';
import { classLabels } from '../../refunds/_parts/class-badge.tsx';
import type { LogView } from './log-params.ts';

const kindOptions = [
  { value: '', label: 'Anything' },
  { value: 'decision', label: 'Decisions' },
  { value: 'undo', label: 'Undone' },
  { value: 'reversal', label: 'Reversed' },
];
const againstOptions = [
  { value: '', label: 'Agreed or not' },
  { value: 'accepted', label: 'As suggested' },
  { value: 'overridden', label: 'Departed' },
];
const classOptions = [
  { value: '', label: 'Any class' },
  ...refundClasses.map((value) => ({ value, label: classLabels[value] })),
];

type LogFiltersProps = { view: LogView; onFilter(patch: Partial<LogView>): void };

export function LogFilters({ view, onFilter }: LogFiltersProps) {
  return (
    <search aria-label="Filter the decisions" className="flex flex-wrap items-center gap-2">
      <SearchBox
        value={view.search}
        onSearch={(search) => onFilter({ search })}
        label="Search reasons, orders and people"
        shortcut={{ group: 'Decisions', label: 'Search the decisions' }}
        maxLength={200}
        className="basis-full"
      />
      <Select
        label="What"
        value={view.kind ?? ''}
        options={kindOptions}
        onChange={(value) => onFilter({ kind: decisionKinds.find((kind) => kind === value) ?? null })}
      />
      <Select
        label="Class"
        value={view.refundClass ?? ''}
        options={classOptions}
        onChange={(value) =>
          onFilter({ refundClass: refundClasses.find((known) => known === value) ?? null })
        }
      />
      <Select
        label="Against the suggestion"
        value={view.suggestion ?? ''}
        options={againstOptions}
        onChange={(value) =>
          onFilter({ suggestion: suggestionOutcomes.find((known) => known === value) ?? null })
        }
      />
      <Field label="Order" value={view.orderId} onChange={(orderId) => onFilter({ orderId })} />
      <Field label="Who" value={view.decidedBy} onChange={(decidedBy) => onFilter({ decidedBy })} />
      <Day label="From" value={view.from} onChange={(from) => onFilter({ from })} />
      <Day label="To" value={view.to} onChange={(to) => onFilter({ to })} />
    </search>
  );
}

/** A day of UTC with its name before it; a date field has no room for one inside. */
function Day({ label, ...field }: Omit<FieldProps, 'type'>) {
  return (
    <span className="flex items-center gap-1.5 text-13 text-ink-2">
      <span aria-hidden>{label}</span>
      <Field label={`${label} day`} type="date" {...field} />
    </span>
  );
}

type FieldProps = Pick<ComponentProps<'input'>, 'type'> & {
  label: string;
  value: string | null;
  onChange(value: string | null): void;
};

/** A filter that counts once it is left or Enter is pressed. */
function Field({ label, value, onChange, type = 'search' }: FieldProps) {
  return (
    <input
      key={value}
      type={type}
      aria-label={label}
      placeholder={label}
      defaultValue={value ?? ''}
      maxLength={200}
      autoComplete="off"
      onBlur={(event) => event.target.value !== (value ?? '') && onChange(event.target.value.trim() || null)}
      onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      className="h-8 w-36 rounded-8 border bg-surface px-3 text-13 placeholder:text-ink-3"
    />
  );
}
