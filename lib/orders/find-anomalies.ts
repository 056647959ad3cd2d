import { describeEvent } from './describe-event.ts';
import type { TimelineEvent } from './timeline-event.ts';

/** Something in the record that a person should not take at its word; `eventId` is where it shows. */
export type Anomaly = { eventId: string; text: string };

/** A driver reports about every minute: so long a silence is worth a mark. */
const SILENCE_MINUTES = 4;

/**
 * Marks what does not fit in an order's record: an event that came twice, one whose number contradicts its
 * time, one that follows the delivery, and a long silence on the way.
 * @param events in time order.
 */
export function findAnomalies(events: readonly TimelineEvent[]): Anomaly[] {
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
  // The driver's arrival has its number after the kitchen's work, yet may come before its end.
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
    const silent = drive.length > 2 && minutes >= SILENCE_MINUTES;
    return silent ? [{ eventId: event.eventId, text: `No word for ${Math.round(minutes)} min before` }] : [];
  });
}
