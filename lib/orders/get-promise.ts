import type { TimelineEvent } from './timeline-event.ts';

/** When the driver said at the pick-up to be there, and by how many minutes that was missed; null until delivered. */
export type DeliveryPromise = { promisedTs: string; etaMinutes: number; lateMinutes: number | null };

/** The promised time of arrival, or undefined where the pick-up or its ETA is not known. */
export function getPromise(events: readonly TimelineEvent[]): DeliveryPromise | undefined {
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
