import { TriangleAlert } from 'lucide-react';
import { Card } from '#app/_ui/card.tsx';
import { cx } from '#app/_ui/cx.ts';
import { formatClock, formatDuration, formatInstant, formatTimeZone } from '#app/_ui/format.ts';
import type { Timeline as OrderTimeline, PhaseTimings } from '#lib/orders/index.ts';
import { PhaseBars } from './phase-bars.tsx';
import { RawEvents } from './raw-events.tsx';

type TimelineProps = {
  orderId: string;
  timeline: OrderTimeline;
  timings: PhaseTimings;
  timeZone: string | undefined;
};

/** How the time went: the phases as bars, then every event in the order of time, on the clock of the kitchen. */
export function Timeline({ orderId, timeline, timings, timeZone }: TimelineProps) {
  const { entries, phases, missing, outOfOrder } = timeline;
  const zone = formatTimeZone(entries[0]?.fromTs ?? '1970-01-01T00:00:00Z', timeZone);
  return (
    <Card title="Timeline" aside={<span className="text-12 text-ink-3">Times in {zone}</span>}>
      <div className="flex flex-col gap-4">
        <PhaseBars phases={phases} timings={timings} />
        <TimelineList entries={entries} timeZone={timeZone} />
        {missing.length + outOfOrder.length > 0 && (
          <p className="text-12 text-ink-3">{describeGaps(missing, outOfOrder)}</p>
        )}
        <RawEvents orderId={orderId} />
      </div>
    </Card>
  );
}

function describeGaps(missing: string[], outOfOrder: string[]): string {
  const parts = [
    missing.length > 0 && `Not reported: ${missing.join(', ')}.`,
    outOfOrder.length > 0 &&
      `Left out of the phases, since their time contradicts the others: ${outOfOrder.join(', ')}.`,
  ];
  return parts.filter(Boolean).join(' ');
}

type TimelineEntry = OrderTimeline['entries'][number];
type TimelineListProps = { entries: TimelineEntry[]; timeZone: string | undefined };

/** The events in the order of time, with the time between them and a mark where the record does not fit. */
function TimelineList({ entries, timeZone }: TimelineListProps) {
  return (
    <ol aria-label="Events" className="flex flex-col">
      {entries.map((entry, index) => (
        <Entry
          key={entry.eventIds[0]}
          entry={entry}
          before={entries[index - 1]}
          last={index === entries.length - 1}
          timeZone={timeZone}
        />
      ))}
    </ol>
  );
}

type EntryProps = {
  entry: TimelineEntry;
  before: TimelineEntry | undefined;
  last: boolean;
  timeZone: string | undefined;
};

function Entry({ entry, before, last, timeZone }: EntryProps) {
  const { fromTs, anomalies } = entry;
  const { label, detail } = describe(entry, timeZone);
  const since = before && (Date.parse(fromTs) - Date.parse(endOf(before))) / 1000;
  return (
    <li className="grid grid-cols-[4rem_0.75rem_minmax(0,1fr)_auto] gap-x-3 text-13">
      <time dateTime={fromTs} title={formatInstant(fromTs)} className="numeric text-ink-2">
        {formatClock(fromTs, timeZone)}
      </time>
      <Dot small={entry.kind === 'pings'} last={last} />
      <span className={cx(!last && 'pb-2.5', entry.kind === 'pings' && 'text-ink-2')}>
        {label}
        {detail && <span className="text-ink-3"> · {detail}</span>}
        {anomalies.map((text) => (
          <span key={text} className="flex items-center gap-1.5 text-12 text-warn">
            <TriangleAlert aria-hidden size={12} className="shrink-0" />
            {text}
          </span>
        ))}
      </span>
      <span className="numeric text-right text-12 leading-5 text-ink-3">
        {since !== undefined && `+${formatDuration(since)}`}
      </span>
    </li>
  );
}

function Dot({ small, last }: { small: boolean; last: boolean }) {
  return (
    <span aria-hidden className="relative flex justify-center">
      {!last && <span className="absolute top-2.5 bottom-[-10px] w-px bg-line" />}
      <span
        className={cx(
          'relative mt-1.5 rounded-full ring-3 ring-surface',
          small ? 'size-1.5 bg-line-strong' : 'size-2 bg-accent',
        )}
      />
    </span>
  );
}

function describe(
  entry: TimelineEntry,
  timeZone: string | undefined,
): { label: string; detail: string | null } {
  if (entry.kind === 'event') return entry;
  const count = entry.eventIds.length;
  return {
    label: count === 1 ? '1 location ping' : `${count} location pings`,
    detail: count === 1 ? null : `until ${formatClock(entry.toTs, timeZone)}`,
  };
}

function endOf(entry: TimelineEntry): string {
  return entry.kind === 'event' ? entry.fromTs : entry.toTs;
}
