import { Card } from '#app/_ui/card.tsx';
import { nameTimeZone } from '#app/_ui/time.ts';
import type { Timeline as OrderTimeline, PhaseTimings } from '#lib/orders/index.ts';
import { PhaseBars } from './phase-bars.tsx';
import { RawEvents } from './raw-events.tsx';
import { TimelineList } from './timeline-list.tsx';

type TimelineProps = {
  orderId: string;
  timeline: OrderTimeline;
  timings: PhaseTimings;
  timeZone: string | undefined;
};

/** How the time went: the phases as bars, then every event in the order of time, on the clock of the kitchen. */
export function Timeline({ orderId, timeline, timings, timeZone }: TimelineProps) {
  const { entries, phases, missing, outOfOrder } = timeline;
  const zone = nameTimeZone(entries[0]?.fromTs ?? '1970-01-01T00:00:00Z', timeZone);
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
