'use client';

import { Popover } from '@base-ui/react/popover';
import { SlidersHorizontal } from 'lucide-react';
import { buttonClass } from '#app/_ui/button.tsx';
import { Select, TextField } from '#app/_ui/form-controls.tsx';
import { queueStatuses } from '#lib/contract/queue.ts';
import { recommendationSources } from '#lib/contract/refund.ts';
import { parseUsd } from '#lib/money.ts';
import type { QueueFilters, QueueView } from './use-queue-view.ts';

type MoreFiltersProps = {
  view: QueueView;
  brands: { id: number; name: string }[];
  viewer: string;
  onFilter(patch: Partial<QueueFilters>): void;
};

const statusLabels: Record<(typeof queueStatuses)[number], string> = {
  pending: 'All that are open',
  decided: 'Decided',
  all: 'All',
  queued: 'Free',
  claimed: 'Claimed',
  pending_approval: 'Needs approval',
  snoozed: 'Snoozed',
  escalated: 'Escalated',
  reversed: 'Reversed',
};
const sourceLabels: Record<(typeof recommendationSources)[number], string> = {
  policy: 'Policy',
  agent: 'Agent',
  deferred: 'Deferred',
  error: 'Scorer failed',
};
const sources = [
  { value: '', label: 'Any source' },
  ...recommendationSources.map((value) => ({ value, label: sourceLabels[value] })),
];

const rareNames = [
  'assignee',
  'source',
  'brand',
  'minUsd',
  'maxUsd',
  'minMinutes',
  'olderThanMinutes',
  'factsChanged',
] as const;

/** The filters that are used less often; the closed button shows how many of them are set. */
export function MoreFilters(props: MoreFiltersProps) {
  const { view, onFilter } = props;
  const chosen = rareNames.filter((name) => view[name] !== null).length;
  return (
    <Popover.Root>
      <Popover.Trigger className={buttonClass()}>
        <SlidersHorizontal aria-hidden className="size-4" />
        {chosen > 0 ? `More (${chosen})` : 'More'}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="bottom" align="start" sideOffset={8} className="z-10">
          <Popover.Popup
            aria-label="More filters"
            className="grid w-80 max-w-[calc(100vw-24px)] grid-cols-2 gap-3 rounded-8 border bg-surface p-4 outline-none"
          >
            {listChoices(props).map(({ name, ...choice }) => (
              <Choice key={name} name={name}>
                <Select label={name} {...choice} />
              </Choice>
            ))}
            <Amount label="From $" value={view.minUsd} onChange={(minUsd) => onFilter({ minUsd })} />
            <Amount label="To $" value={view.maxUsd} onChange={(maxUsd) => onFilter({ maxUsd })} />
            <Minutes
              label="Took at least, min"
              value={view.minMinutes}
              onChange={(minMinutes) => onFilter({ minMinutes })}
            />
            <Minutes
              label="Older than, min"
              value={view.olderThanMinutes}
              onChange={(olderThanMinutes) => onFilter({ olderThanMinutes })}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function listChoices({ view, brands, viewer, onFilter }: MoreFiltersProps) {
  return [
    {
      name: 'Stands',
      value: view.status,
      options: queueStatuses.map((value) => ({ value, label: statusLabels[value] })),
      onChange: (value: string) =>
        onFilter({ status: queueStatuses.find((known) => known === value) ?? 'pending' }),
    },
    {
      name: 'Held by',
      value: view.assignee ?? '',
      options: [
        { value: '', label: 'Anyone' },
        { value: viewer, label: 'Me' },
        { value: 'none', label: 'Nobody' },
      ],
      onChange: (value: string) => onFilter({ assignee: value || null }),
    },
    {
      name: 'Source',
      value: view.source ?? '',
      options: sources,
      onChange: (value: string) =>
        onFilter({ source: recommendationSources.find((known) => known === value) ?? null }),
    },
    {
      name: 'Brand',
      value: view.brand === null ? '' : String(view.brand),
      options: [
        { value: '', label: 'Any brand' },
        ...brands.map(({ id, name }) => ({ value: String(id), label: name })),
      ],
      onChange: (value: string) => onFilter({ brand: value ? Number(value) : null }),
    },
    {
      name: 'Facts',
      value: view.factsChanged ? 'changed' : '',
      options: [
        { value: '', label: 'Any' },
        { value: 'changed', label: 'Changed since the decision' },
      ],
      // Only decided orders have this mark, and the queue starts with those that are open.
      onChange: (value: string) =>
        onFilter(value ? { factsChanged: true, status: 'decided' } : { factsChanged: null }),
    },
  ];
}

function Choice({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-col gap-1 *:w-full">
      <span aria-hidden className="text-13 font-medium">
        {name}
      </span>
      {children}
    </div>
  );
}

type AmountProps = { label: string; value: string | null; onChange(value: string | null): void };

function Amount({ label, value, onChange }: AmountProps) {
  return (
    <TextField
      key={value}
      label={label}
      inputMode="decimal"
      defaultValue={value ?? ''}
      onBlur={({ target }) => {
        const text = target.value.trim();
        const usd = parseUsd(text) === undefined ? null : text;
        if (text !== '' && usd === null) target.value = value ?? '';
        else onChange(usd);
      }}
      onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
    />
  );
}

type MinutesProps = { label: string; value: number | null; onChange(value: number | null): void };

function Minutes({ label, value, onChange }: MinutesProps) {
  return (
    <TextField
      key={value}
      label={label}
      inputMode="numeric"
      defaultValue={value ?? ''}
      onBlur={({ target }) => {
        const minutes = /^\d{1,7}$/.test(target.value) ? Number(target.value) : null;
        if (target.value !== '' && minutes === null) target.value = String(value ?? '');
        else onChange(minutes);
      }}
      onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
    />
  );
}
