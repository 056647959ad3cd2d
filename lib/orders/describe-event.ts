import type { TimelineEvent } from './timeline-event.ts';

/** An event in words: `label` says what happened, `detail` adds the one figure that its body holds, if any. */
export type EventDescription = { label: string; detail: string | null };

/** Describes an event for people. A ninth event type fails the type check here. */
export function describeEvent(event: TimelineEvent): EventDescription {
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
    case 'driver_picked_up':
      return { label: 'Driver picked up', detail: figure(event.body?.eta_mins, (eta) => `ETA ${eta} min`) };
    case 'driver_ping':
      return { label: 'Driver on the way', detail: figure(event.body?.progress_pct, (done) => `${done} %`) };
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

function figure(value: number | null | undefined, write: (rounded: number) => string): string | null {
  return typeof value === 'number' ? write(Math.round(value)) : null;
}
