import { hash } from 'node:crypto';
import type { EventType, OrderEvent } from '#lib/contract/event.ts';
import type { EventOrigin } from '../location/location-model.ts';
import type { Order } from '../orders/draw-orders.ts';
import { createPositionTracker } from '../roads/route.ts';
import { formatSharedFields, type ScheduledEvent, toEvent } from './encode-event.ts';

/** The pings of a drive of `driveMs`: one per interval, except in its last one. */
export function countPings(driveMs: number, pingMs: number): number {
  return Math.max(0, Math.floor(driveMs / pingMs) - 1);
}

/**
 * Schedules the events of an order: created, three in the kitchen, driver arrival, pick-up, pings, delivered. The
 * sequence numbers follow this order. Only this function decides which events an order has.
 */
export function scheduleEvents(order: Order, origin: EventOrigin): ScheduledEvent[] {
  const { pickedUpAt, deliveredAt } = order;
  const pings = countPings(deliveredAt - pickedUpAt, origin.pingMs);
  const context = {
    order,
    origin,
    digest: hash('md5', order.orderId).slice(0, 24),
    sharedFields: formatSharedFields(order, origin),
    positionAt: createPositionTracker(order.route),
  };
  const event = (type: EventType, at: number, sequence: number) => ({ type, at, sequence, context });
  const events = [
    event('order_created', order.createdAt, 0),
    event('gk_started', order.startedAt, 1),
    event('gk_finished', order.finishedAt, 2),
    event('gk_ready', order.readyAt, 3),
    event('driver_arrived', order.arrivedAt, 4),
    event('driver_picked_up', pickedUpAt, 5),
  ];
  for (let ping = 1; ping <= pings; ping += 1)
    events.push(event('driver_ping', pickedUpAt + ping * origin.pingMs, 5 + ping));
  events.push(event('delivered', deliveredAt, 6 + pings));
  return events;
}

/** The events of an order, in the shape of the contract. */
export function listEvents(order: Order, origin: EventOrigin): OrderEvent[] {
  return scheduleEvents(order, origin).map(toEvent);
}
