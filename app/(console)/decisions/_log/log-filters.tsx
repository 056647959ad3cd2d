'use client';

import { Search } from 'lucide-react';
import { type ComponentProps, useRef } from 'react';
import { Select } from '#app/_ui/select.tsx';
import { useShortcuts } from '#app/_ui/shortcuts/shortcuts.tsx';
import { againstValues } from '#lib/contract/decision-requests.ts';
import { refundClasses } from '#lib/contract/refund.ts';
import { classLabels } from '../../refunds/_parts/class-badge.tsx';
import { kinds, type LogView } from './log-params.ts';

const kindOptions = [
  { value: '', label: 'Anything' },
  { value: 'decision', label: 'Decisions' },
  { value: 'undo', label: 'Undone' },
  { value: 'reversal', label: 'Reversed' },
];
const againstOptions = [
  { value: '', label: 'Agreed or not' },
  { value: 'agreed', label: 'As suggested' },
  { value: 'departed', label: 'Departed' },
];
const classOptions = [
  { value: '', label: 'Any class' },
  ...refundClasses.map((value) => ({ value, label: classLabels[value] })),
];

type LogFiltersProps = { view: LogView; onFilter(patch: Partial<LogView>): void };

export function LogFilters({ view, onFilter }: LogFiltersProps) {
  return (
    <search aria-label="Filter the decisions" className="flex flex-wrap items-center gap-2">
      <SearchField value={view.find} onSearch={(find) => onFilter({ find })} />
      <Select
        label="What"
        value={view.kind ?? ''}
        options={kindOptions}
        onChange={(value) => onFilter({ kind: kinds.find((kind) => kind === value) ?? null })}
      />
      <Select
        label="Class"
        value={view.class ?? ''}
        options={classOptions}
        onChange={(value) => onFilter({ class: refundClasses.find((known) => known === value) ?? null })}
      />
      <Select
        label="Against the suggestion"
        value={view.against ?? ''}
        options={againstOptions}
        onChange={(value) => onFilter({ against: againstValues.find((known) => known === value) ?? null })}
      />
      <Field label="Order" value={view.order} onChange={(order) => onFilter({ order })} />
      <Field label="Who" value={view.by} onChange={(by) => onFilter({ by })} />
      <Day label="From" value={view.from} onChange={(from) => onFilter({ from })} />
      <Day label="To" value={view.to} onChange={(to) => onFilter({ to })} />
    </search>
  );
}

/** Finds words anywhere in reasons, orders and people; “/” leads here, Enter searches, an empty one ends it. */
function SearchField({ value, onSearch }: { value: string | null; onSearch(text: string | null): void }) {
  const box = useRef<HTMLInputElement>(null);
  const focus = () => {
    box.current?.focus();
    box.current?.select();
  };
  useShortcuts([{ keys: '/', group: 'Decisions', label: 'Search the decisions', run: focus }]);
  return (
    <form
      className="relative basis-full"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(box.current?.value.trim() || null);
      }}
    >
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
      <input
        ref={box}
        key={value}
        type="search"
        aria-label="Search reasons, orders and people"
        placeholder="Search reasons, orders and people"
        defaultValue={value ?? ''}
        maxLength={200}
        autoComplete="off"
        onChange={(event) => event.target.value === '' && value !== null && onSearch(null)}
        className="h-8 w-full rounded-8 border bg-surface pr-2 pl-8 text-13 placeholder:text-ink-3"
      />
    </form>
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
