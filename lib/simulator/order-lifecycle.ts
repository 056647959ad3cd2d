import { hash } from 'node:crypto';
import type { EventType, OrderEvent } from '#lib/contract/event.ts';
import { formatTimestamp } from '#lib/contract/timestamp.ts';
import type { BasketItem } from './basket.ts';
import { createFollower, describePoints, type Point, type Route } from './roads/route.ts';

/** One order with all that will happen to it. Instants are whole epoch ms. */
export type Order = {
  orderId: string;
  createdAt: number;
  startedAt: number;
  finishedAt: number;
  readyAt: number;
  arrivedAt: number;
  pickedUpAt: number;
  deliveredAt: number;
  items: BasketItem[];
  address: string;
  route: Route;
};

/** Where orders come from: what all events of a location share. */
export type Origin = { gkId: string; location: string; locationId: number; pingMs: number };

/** Pings that a drive of `driveMs` sends: none in its last interval. */
export function countPings(driveMs: number, pingMs: number): number {
  return Math.max(0, Math.floor(driveMs / pingMs) - 1);
}

/**
 * The life of an order as events: created, three of the kitchen, driver's arrival, pick-up, pings, delivered.
 * Sequence follows this order and ids follow from order, sequence and type; the same order gives the same events.
 */
export function listEvents(order: Order, origin: Origin): OrderEvent[] {
  const { route, pickedUpAt, deliveredAt } = order;
  const door = route.end;
  const driveMs = deliveredAt - pickedUpAt;
  const pings = countPings(driveMs, origin.pingMs);
  const follow = createFollower(route);
  const event = (type: EventType, at: number, sequence: number, body: string): OrderEvent => ({
    event_id: hash('md5', `${order.orderId}:${sequence}:${type}`),
    event_type: type,
    ts: formatTimestamp(at),
    gk_id: origin.gkId,
    location: origin.location,
    location_id: origin.locationId,
    order_id: order.orderId,
    sequence,
    body,
  });
  return [
    event('order_created', order.createdAt, 0, JSON.stringify(describeOrder(order, door))),
    event('gk_started', order.startedAt, 1, '{}'),
    event('gk_finished', order.finishedAt, 2, '{}'),
    event('gk_ready', order.readyAt, 3, '{}'),
    event('driver_arrived', order.arrivedAt, 4, '{}'),
    event('driver_picked_up', pickedUpAt, 5, describeRoute(route)),
    ...Array.from({ length: pings }, (_, index) => {
      const share = ((index + 1) * origin.pingMs) / driveMs;
      const at = pickedUpAt + (index + 1) * origin.pingMs;
      return event('driver_ping', at, 6 + index, describePing(share, follow(share)));
    }),
    event('delivered', deliveredAt, 6 + pings, `{"delivered_lat":${door[0]},"delivered_lon":${door[1]}}`),
  ];
}

function describeOrder({ items, address }: Order, [customer_lat, customer_lon]: Point) {
  return {
    customer_lat,
    customer_lon,
    customer_addr: address,
    items: items.map(({ id, category_id, menu_id, brand_id, name, price, qty }) => ({
      id,
      category_id,
      menu_id,
      brand_id,
      name,
      price,
      qty,
    })),
  };
}

/** The promise at pick-up is the drive in free traffic, in minutes with one decimal. */
function describeRoute(route: Route): string {
  return `{"route_points":${describePoints(route)},"eta_mins":${Math.round(route.seconds / 6) / 10}}`;
}

function describePing(share: number, [lat, lon]: Point): string {
  return `{"progress_pct":${Math.round(share * 1000) / 10},"loc_lat":${lat},"loc_lon":${lon}}`;
}
