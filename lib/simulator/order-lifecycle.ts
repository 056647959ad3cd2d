import { hash } from 'node:crypto';
import type { EventType, OrderEvent } from '#lib/contract/event.ts';
import { describeShared, type Moment, toEvent } from './moment.ts';
import type { Order, Origin } from './order.ts';
import { createFollower } from './roads/route.ts';

/** Pings that a drive of `driveMs` sends: none in its last interval. */
export function countPings(driveMs: number, pingMs: number): number {
  return Math.max(0, Math.floor(driveMs / pingMs) - 1);
}

/**
 * The life of an order: created, three moments of the kitchen, driver's arrival, pick-up, pings, delivered. Sequence
 * follows this order; the same order gives the same life. The only place that decides what happens to an order.
 */
export function listMoments(order: Order, origin: Origin): Moment[] {
  const { pickedUpAt, deliveredAt } = order;
  const driveMs = deliveredAt - pickedUpAt;
  const pings = countPings(driveMs, origin.pingMs);
  const life = {
    order,
    origin,
    digest: hash('md5', order.orderId).slice(0, 24),
    shared: describeShared(order, origin),
    follow: createFollower(order.route),
  };
  const moment = (type: EventType, at: number, sequence: number): Moment => ({ type, at, sequence, life });
  const moments = [
    moment('order_created', order.createdAt, 0),
    moment('gk_started', order.startedAt, 1),
    moment('gk_finished', order.finishedAt, 2),
    moment('gk_ready', order.readyAt, 3),
    moment('driver_arrived', order.arrivedAt, 4),
    moment('driver_picked_up', pickedUpAt, 5),
  ];
  for (let ping = 1; ping <= pings; ping += 1)
    moments.push(moment('driver_ping', pickedUpAt + ping * origin.pingMs, 5 + ping));
  moments.push(moment('delivered', deliveredAt, 6 + pings));
  return moments;
}

/** The life of an order as events. */
export function listEvents(order: Order, origin: Origin): OrderEvent[] {
  return listMoments(order, origin).map(toEvent);
}
