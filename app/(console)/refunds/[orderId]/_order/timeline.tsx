import { Card } from '#app/_ui/card.tsx';
import { foldPings } from '#lib/orders/fold-pings.ts';
import { measurePhases } from '#lib/orders/measure-phases.ts';
import type { TimelineEvent } from '#lib/orders/timeline-event.ts';
import { PhaseBars } from './phase-bars.tsx';
import { TimelineList } from './timeline-list.tsx';

/** How the time went: the phases as bars, then every event in the order of time. */
export function Timeline({ events }: { events: TimelineEvent[] }) {
  const { phases, missing, outOfOrder } = measurePhases(events);
  return (
    <Card title="Timeline" aside={<span className="text-12 text-ink-3">Times in UTC</span>}>
      <div className="flex flex-col gap-4">
        <PhaseBars phases={phases} />
        <TimelineList entries={foldPings(events)} />
        {missing.length + outOfOrder.length > 0 && (
          <p className="text-12 text-ink-3">{describeGaps(missing, outOfOrder)}</p>
        )}
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
