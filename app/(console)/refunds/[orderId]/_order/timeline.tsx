import { Card } from '#app/_ui/card.tsx';
import { nameTimeZone } from '#app/_ui/time.ts';
import type { PhaseTimings, TimelineEvent } from '#lib/orders/index.ts';
import { findAnomalies, foldPings, measurePhases } from '#lib/orders/index.ts';
import { PhaseBars } from './phase-bars.tsx';
import { RawEvents } from './raw-events.tsx';
import { TimelineList } from './timeline-list.tsx';

type TimelineProps = {
  orderId: string;
  events: TimelineEvent[];
  timings: PhaseTimings;
  timeZone: string | undefined;
};

/** How the time went: the phases as bars, then every event in the order of time, on the clock of the kitchen. */
export function Timeline({ orderId, events, timings, timeZone }: TimelineProps) {
  const { phases, missing, outOfOrder } = measurePhases(events);
  const zone = nameTimeZone(events[0]?.ts ?? '1970-01-01T00:00:00Z', timeZone);
  return (
    <Card title="Timeline" aside={<span className="text-12 text-ink-3">Times in {zone}</span>}>
      <div className="flex flex-col gap-4">
        <PhaseBars phases={phases} timings={timings} />
        <TimelineList entries={foldPings(events)} anomalies={findAnomalies(events)} timeZone={timeZone} />
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
