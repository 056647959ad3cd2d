'use client';

import { SearchBox } from '#app/_keyboard/search-box.tsx';
import { Button } from '#app/_ui/button.tsx';
import { cx } from '#app/_ui/cx.ts';
import { SegmentedControl, Select } from '#app/_ui/form-controls.tsx';
import { formatLocation } from '#app/_ui/format.ts';
import { queueClasses } from '#lib/contract/queue.ts';
import { ViewsMenu } from '../_views/views-menu.tsx';
import { MoreFilters } from './more-filters.tsx';
import { parseClass } from './queue-params.ts';
import type { QueueFilters, QueueView } from './use-queue-view.ts';

const statuses = [
  { value: 'pending', label: 'Pending' },
  { value: 'decided', label: 'Decided' },
  { value: 'all', label: 'All' },
] as const;
const classLabels = {
  none: 'No refund',
  partial: 'Partial',
  full: 'Full',
  unanswered: 'Without an answer',
} as const;
const classes = [
  { value: '', label: 'Any class' },
  ...queueClasses.map((value) => ({ value, label: classLabels[value] })),
];

type FiltersProps = {
  view: QueueView;
  locations: string[];
  brands: { id: number; name: string }[];
  viewer: string;
  reviewHours: number;
  onFilter(patch: Partial<QueueFilters>): void;
};

export function Filters(props: FiltersProps) {
  const { view, locations, brands, viewer, reviewHours, onFilter } = props;
  const overdue = reviewHours * 60;
  return (
    <search aria-label="Filter the queue" className="flex flex-wrap items-center gap-2">
      <SegmentedControl
        label="Status"
        value={view.status}
        options={statuses}
        onChange={(status) => onFilter({ status })}
      />
      <Toggle
        label="Only suggestions over $0"
        pressed={!view.includeZero}
        onChange={(pressed) => onFilter({ includeZero: !pressed })}
      >
        {'> $0'}
      </Toggle>
      <Toggle
        label={`Only orders over ${reviewHours} h old`}
        pressed={view.olderThanMinutes === overdue}
        onChange={(pressed) => onFilter({ olderThanMinutes: pressed ? overdue : null })}
      >
        {`> ${reviewHours} h`}
      </Toggle>
      <Select
        label="Suggested class"
        value={view.refundClass ?? ''}
        options={classes}
        onChange={(value) => onFilter({ refundClass: parseClass(value) })}
      />
      <Select
        label="Location"
        value={view.location ?? ''}
        options={listLocations(locations, view.location)}
        onChange={(value) => onFilter({ location: value || null })}
      />
      <MoreFilters view={view} brands={brands} viewer={viewer} onFilter={onFilter} />
      <ViewsMenu />
      <SearchBox
        value={view.search}
        onSearch={(search) => onFilter({ search })}
        label="Order number"
        shortcut={{ group: 'Queue', label: 'Search for an order' }}
        maxLength={100}
        blurOnSearch
        className="min-w-36 flex-1"
      />
    </search>
  );
}

type ToggleProps = { label: string; pressed: boolean; onChange(pressed: boolean): void; children: string };

/** A filter that is on or off. */
function Toggle({ label, pressed, onChange, children }: ToggleProps) {
  return (
    <Button
      aria-pressed={pressed}
      aria-label={label}
      onClick={() => onChange(!pressed)}
      className={cx(pressed && 'border-accent bg-accent-soft text-accent')}
    >
      {children}
    </Button>
  );
}

/** The location of the address is among the choices even where no row is from there. */
function listLocations(known: string[], chosen: string | null) {
  const all = chosen === null || known.includes(chosen) ? known : [...known, chosen];
  const options = all.map((value) => ({ value, label: formatLocation(value) }));
  return [{ value: '', label: 'All locations' }, ...options];
}
