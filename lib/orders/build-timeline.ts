import { measurePhases, type Phase } from './measure-phases.ts';
import type { TimelineEvent } from './order-events.ts';

type Ping = Extract<TimelineEvent, { type: 'driver_ping' }>;

/**
 * An entry of the timeline: an event in words, or the consecutive pings between two events as one entry. `detail` is
 * the one figure that the event's body holds, if any; `anomalies` are sentences about what does not fit there.
 */
export type TimelineEntry = { fromTs: string; anomalies: string[]; eventIds: string[] } & (
  | { kind: 'event'; label: string; detail: string | null }
  | { kind: 'pings'; toTs: string }
);

/** How the time of an order went. `promise` is undefined where the pick-up or its ETA is not known. */
export type Timeline = {
  entries: TimelineEntry[];
  phases: Phase[];
  /** Borders of phases without an event. */
  missing: string[];
  /** Borders whose time contradicts the others, and which no phase uses. */
  outOfOrder: string[];
  promise: DeliveryPromise | undefined;
};

/** Builds the timeline of an order. @param events in time order, as `listOrderEvents` returns them. */
export function buildTimeline(events: readonly TimelineEvent[]): Timeline {
  return { ...measurePhases(events), entries: listEntries(events), promise: findPromise(events) };
}

function listEntries(events: readonly TimelineEvent[]): TimelineEntry[] {
  const anomalies = Map.groupBy(findAnomalies(events), ({ eventId }) => eventId);
  const entries: TimelineEntry[] = [];
  for (const event of events) {
    const { eventId, ts } = event;
    const own = (anomalies.get(eventId) ?? []).map(({ text }) => text);
    const last = entries.at(-1);
    if (event.type !== 'driver_ping')
      entries.push({
        kind: 'event',
        fromTs: ts,
        eventIds: [eventId],
        anomalies: own,
        ...describeEvent(event),
      });
    else if (last?.kind === 'pings') {
      last.toTs = ts;
      last.eventIds.push(eventId);
      last.anomalies.push(...own);
    } else entries.push({ kind: 'pings', fromTs: ts, toTs: ts, eventIds: [eventId], anomalies: own });
  }
  return entries;
}

/** An event in words. A new event type fails the type check here. */
function describeEvent(event: Exclude<TimelineEvent, Ping>): { label: string; detail: string | null } {
  switch (event.type) {
    case 'order_created':
      return { label: 'Order placed', detail: event.body && countItems(event.body.items) };
    case 'gk_started':
      return { label: 'Kitchen started', detail: null };
    case 'gk_finished':
      return { label: 'Kitchen finished', detail: null };
    case 'gk_ready':
      return { label: 'Packed and ready', detail: null };
    case 'driver_arrived':
      return { label: 'Driver at the kitchen', detail: null };
    case 'driver_picked_up': {
      const eta = event.body?.eta_mins;
      return {
        label: 'Driver picked up',
        detail: typeof eta === 'number' ? `ETA ${Math.round(eta)} min` : null,
      };
    }
    case 'delivered':
      return { label: 'Delivered', detail: null };
    default:
      return event satisfies never;
  }
}

function countItems(items: { qty: number }[]): string {
  const count = items.reduce((sum, item) => sum + item.qty, 0);
  return count === 1 ? '1 item' : `${count} items`;
}

/** When the driver promised to arrive, at the pick-up, and by how many minutes that was missed; null until delivered. */
export type DeliveryPromise = { promisedTs: string; etaMinutes: number; lateMinutes: number | null };

function findPromise(events: readonly TimelineEvent[]): DeliveryPromise | undefined {
  const pickedUp = events.find((event) => event.type === 'driver_picked_up');
  const etaMinutes = pickedUp?.body?.eta_mins;
  if (!pickedUp || typeof etaMinutes !== 'number') return undefined;
  const promised = Date.parse(pickedUp.ts) + etaMinutes * 60_000;
  const delivered = events.find((event) => event.type === 'delivered');
  return {
    promisedTs: new Date(promised).toISOString(),
    etaMinutes,
    lateMinutes: delivered ? (Date.parse(delivered.ts) - promised) / 60_000 : null,
  };
}

/** Something in the record that does not fit; `eventId` is where it shows. */
type Anomaly = { eventId: string; text: string };

/** A driver reports about every minute: a silence this long is an anomaly. */
const SILENCE_MINUTES = 4;

/**
 * What does not fit in an order's record: an event that came twice, one whose number contradicts its time, one after
 * the delivery, and a long silence during the drive.
 */
function findAnomalies(events: readonly TimelineEvent[]): Anomaly[] {
  return [
    ...findRepeats(events),
    ...findContradictions(events),
    ...findAfterDelivery(events),
    ...findSilence(events),
  ];
}

function findRepeats(events: readonly TimelineEvent[]): Anomaly[] {
  const lifecycle = events.filter((event) => event.type !== 'driver_ping');
  const repeats = lifecycle.filter((event, at) =>
    lifecycle.slice(0, at).some(({ type }) => type === event.type),
  );
  return repeats.map((event) => ({
    eventId: event.eventId,
    text: `“${describeEvent(event).label}” was reported before`,
  }));
}

function findContradictions(events: readonly TimelineEvent[]): Anomaly[] {
  let highest = -1;
  const found: Anomaly[] = [];
  // The driver's arrival has its number after the kitchen's work, but may come before its end.
  for (const { eventId, sequence } of events.filter(({ type }) => type !== 'driver_arrived')) {
    if (sequence < highest) found.push({ eventId, text: 'Its number says earlier than its time' });
    highest = Math.max(highest, sequence);
  }
  return found;
}

function findAfterDelivery(events: readonly TimelineEvent[]): Anomaly[] {
  const delivered = events.findIndex((event) => event.type === 'delivered');
  if (delivered < 0) return [];
  const last = events[delivered];
  return events
    .slice(delivered + 1)
    .filter((event) => event.type !== 'delivered' && event.ts > (last?.ts ?? ''))
    .map(({ eventId }) => ({ eventId, text: 'Comes after the delivery' }));
}

function findSilence(events: readonly TimelineEvent[]): Anomaly[] {
  const drive = events.filter(({ type }) => ['driver_picked_up', 'driver_ping', 'delivered'].includes(type));
  return drive.flatMap((event, at) => {
    const before = drive[at - 1];
    const minutes = before ? (Date.parse(event.ts) - Date.parse(before.ts)) / 60_000 : 0;
    const isSilent = drive.length > 2 && minutes >= SILENCE_MINUTES;
    return isSilent
      ? [{ eventId: event.eventId, text: `No word for ${Math.round(minutes)} min before` }]
      : [];
  });
}
