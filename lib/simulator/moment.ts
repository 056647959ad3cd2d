import { type EventType, eventTypes, type OrderEvent } from '#lib/contract/event.ts';
import { formatMoment } from './format-moment.ts';
import type { Order, Origin } from './order.ts';
import { describePoints, type Point } from './roads/route.ts';

/** One thing that happens to an order, at an instant in epoch ms; it becomes an event only when it is written. */
export type Moment = { type: EventType; at: number; sequence: number; life: Life };

/** What the moments of an order share. `follow` is asked for the places of its pings in their order. */
export type Life = {
  order: Order;
  origin: Origin;
  /** 24 hex digits that stand for the order. */
  digest: string;
  shared: string;
  follow: (share: number) => Point;
};

/** The event of a moment, its body a JSON string. */
export function toEvent(moment: Moment): OrderEvent {
  const { type, at, sequence, life } = moment;
  return {
    event_id: identify(moment),
    event_type: type,
    ts: formatMoment(at),
    gk_id: life.origin.gkId,
    location: life.origin.location,
    location_id: life.origin.locationId,
    order_id: life.order.orderId,
    sequence,
    body: describeBody(moment, '"'),
  };
}

/** The event of a moment as a line of a file: what JSON.stringify makes of `toEvent`, several times as fast. */
export function toLine(moment: Moment): string {
  const { type, at, sequence, life } = moment;
  return `{"event_id":"${identify(moment)}${typeTexts[type]}${formatMoment(at)}${life.shared}${sequence},"body":"${describeBody(moment, '\\"')}"}\n`;
}

/** What every line of an order has between its time and its sequence. */
export function describeShared({ orderId }: Order, { gkId, location, locationId }: Origin): string {
  return `","gk_id":"${gkId}","location":"${location}","location_id":${locationId},"order_id":"${orderId}","sequence":`;
}

const typeTexts = Object.fromEntries(
  eventTypes.map((type) => [type, `","event_type":"${type}","ts":"`]),
) as Record<EventType, string>;

/** Follows from order, sequence and type: 24 hex digits of the order's digest, 8 of the other two. */
function identify({ type, sequence, life }: Moment): string {
  return life.digest + (identifiers[type][sequence] ?? identifyStep(type, sequence));
}

function identifyStep(type: EventType, sequence: number): string {
  return (sequence * eventTypes.length + eventTypes.indexOf(type)).toString(16).padStart(8, '0');
}

const identifiers = Object.fromEntries(
  eventTypes.map((type) => [type, Array.from({ length: 64 }, (_, sequence) => identifyStep(type, sequence))]),
) as Record<EventType, string[]>;

/** The body as JSON; `quote` is a quotation mark as it stands in a text or inside a text within a text. */
function describeBody(moment: Moment, quote: '"' | '\\"'): string {
  const { type, life } = moment;
  const { route } = life.order;
  switch (type) {
    case 'order_created': {
      const body = JSON.stringify(describeOrder(life.order));
      return quote === '"' ? body : JSON.stringify(body).slice(1, -1);
    }
    case 'driver_picked_up':
      return `{${quote}route_points${quote}:${describePoints(route)},${quote}eta_mins${quote}:${promiseMinutes(route.seconds)}}`;
    case 'driver_ping':
      return describePing(moment, quote);
    case 'delivered':
      return `{${quote}delivered_lat${quote}:${route.end[0]},${quote}delivered_lon${quote}:${route.end[1]}}`;
    default:
      return '{}';
  }
}

function describeOrder({ items, address, route }: Order) {
  return {
    customer_lat: route.end[0],
    customer_lon: route.end[1],
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
const promiseMinutes = (seconds: number) => Math.round(seconds / 6) / 10;

function describePing({ at, life }: Moment, quote: string): string {
  const { pickedUpAt, deliveredAt } = life.order;
  const share = (at - pickedUpAt) / (deliveredAt - pickedUpAt);
  const [lat, lon] = life.follow(share);
  const progress = tenths[Math.round(share * 1000)];
  return `{${quote}progress_pct${quote}:${progress},${quote}loc_lat${quote}:${formatDegrees(lat)},${quote}loc_lon${quote}:${formatDegrees(lon)}}`;
}

const tenths = Array.from({ length: 1001 }, (_, tenth) => String(tenth / 10));

/** Six decimals, by whole numbers, which become text several times as fast as fractions do. */
function formatDegrees(degrees: number): string {
  const micros = Math.round(Math.abs(degrees) * 1e6);
  const whole = Math.floor(micros / 1e6);
  return `${degrees < 0 ? '-' : ''}${whole}.${String(1_000_000 + (micros - whole * 1e6)).slice(1)}`;
}
