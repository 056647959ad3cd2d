import type { TimelineEvent } from './timeline-event.ts';

type Ping = Extract<TimelineEvent, { type: 'driver_ping' }>;
type LifecycleEvent = Exclude<TimelineEvent, Ping>;

/** An entry of the timeline: an event, or the pings between two events as one entry with their count. */
export type TimelineEntry =
  | { kind: 'event'; event: LifecycleEvent }
  | { kind: 'pings'; count: number; fromTs: string; toTs: string; pings: Ping[] };

/** Folds pings that follow one another; the order of the events stays as it is. */
export function foldPings(events: readonly TimelineEvent[]): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  for (const event of events) {
    const last = entries.at(-1);
    if (event.type !== 'driver_ping') entries.push({ kind: 'event', event });
    else if (last?.kind === 'pings') entries.splice(-1, 1, ofPings([...last.pings, event], last.fromTs));
    else entries.push(ofPings([event], event.ts));
  }
  return entries;
}

function ofPings(pings: Ping[], fromTs: string): TimelineEntry {
  return { kind: 'pings', count: pings.length, fromTs, toTs: pings.at(-1)?.ts ?? fromTs, pings };
}
