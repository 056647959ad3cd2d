import { type EventType, eventTypes, type OrderEvent } from '#lib/contract/event.ts';
import { formatTimestamp } from '#lib/contract/timestamp.ts';
import type { EventOrigin } from '../location/location-model.ts';
import type { Order } from '../orders/draw-orders.ts';
import { formatPoints, type Point } from '../roads/route.ts';

/** An event of an order that is due at an instant in epoch ms. It is encoded only when it is written. */
export type ScheduledEvent = { type: EventType; at: number; sequence: number; context: OrderContext };

/** What the events of one order share. */
export type OrderContext = {
  order: Order;
  origin: EventOrigin;
  /** 24 hex digits that identify the order. */
  digest: string;
  /** The part of each line between the timestamp and the sequence. */
  sharedFields: string;
  /** The driver's position at a share of the drive; must be called with ascending shares. */
  positionAt: (share: number) => Point;
};

/** Encodes a scheduled event in the shape of the contract, its body as a JSON string. */
export function toEvent(event: ScheduledEvent): OrderEvent {
  const { type, at, sequence, context } = event;
  return {
    event_id: eventIdOf(event),
    event_type: type,
    ts: formatEventTime(at),
    gk_id: context.origin.gkId,
    location: context.origin.location,
    location_id: context.origin.locationId,
    order_id: context.order.orderId,
    sequence,
    body: formatBody(event, '"'),
  };
}

/** Encodes a scheduled event as a line of a file: the same bytes as JSON.stringify of `toEvent`, several times as fast. */
export function toLine(event: ScheduledEvent): string {
  const { type, at, sequence, context } = event;
  return `{"event_id":"${eventIdOf(event)}${typeFields[type]}${formatEventTime(at)}${context.sharedFields}${sequence},"body":"${formatBody(event, '\\"')}"}\n`;
}

/** The fields of every line of an order between its timestamp and its sequence. */
export function formatSharedFields({ orderId }: Order, { gkId, location, locationId }: EventOrigin): string {
  return `","gk_id":"${gkId}","location":"${location}","location_id":${locationId},"order_id":"${orderId}","sequence":`;
}

const typeFields = Object.fromEntries(
  eventTypes.map((type) => [type, `","event_type":"${type}","ts":"`]),
) as Record<EventType, string>;

/** Depends on order, sequence and type only: 24 hex digits of the order's digest, then 8 for the other two. */
function eventIdOf({ type, sequence, context }: ScheduledEvent): string {
  return context.digest + (stepIds[type][sequence] ?? formatStepId(type, sequence));
}

function formatStepId(type: EventType, sequence: number): string {
  return (sequence * eventTypes.length + eventTypes.indexOf(type)).toString(16).padStart(8, '0');
}

const stepIds = Object.fromEntries(
  eventTypes.map((type) => [type, Array.from({ length: 64 }, (_, sequence) => formatStepId(type, sequence))]),
) as Record<EventType, string[]>;

/** The body as JSON. `quote` is a quotation mark, escaped where the body is written inside a JSON string. */
function formatBody(event: ScheduledEvent, quote: '"' | '\\"'): string {
  const { type, context } = event;
  const { route } = context.order;
  switch (type) {
    case 'order_created': {
      const body = JSON.stringify(createdBody(context.order));
      return quote === '"' ? body : JSON.stringify(body).slice(1, -1);
    }
    case 'driver_picked_up':
      return `{${quote}route_points${quote}:${formatPoints(route)},${quote}eta_mins${quote}:${etaMinutes(route.seconds)}}`;
    case 'driver_ping':
      return formatPing(event, quote);
    case 'delivered':
      return `{${quote}delivered_lat${quote}:${route.end[0]},${quote}delivered_lon${quote}:${route.end[1]}}`;
    default:
      return '{}';
  }
}

function createdBody({ items, address, route }: Order) {
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

/** The ETA promised at pick-up is the drive without traffic, in minutes with one decimal. */
const etaMinutes = (seconds: number) => Math.round(seconds / 6) / 10;

function formatPing({ at, context }: ScheduledEvent, quote: string): string {
  const { pickedUpAt, deliveredAt } = context.order;
  const share = (at - pickedUpAt) / (deliveredAt - pickedUpAt);
  const [lat, lon] = context.positionAt(share);
  const progress = percentTexts[Math.round(share * 1000)];
  return `{${quote}progress_pct${quote}:${progress},${quote}loc_lat${quote}:${formatDegrees(lat)},${quote}loc_lon${quote}:${formatDegrees(lon)}}`;
}

const percentTexts = Array.from({ length: 1001 }, (_, tenth) => String(tenth / 10));

/** Formats degrees with six decimals from integers, which is several times as fast as formatting a fraction. */
function formatDegrees(degrees: number): string {
  const micros = Math.round(Math.abs(degrees) * 1e6);
  const whole = Math.floor(micros / 1e6);
  return `${degrees < 0 ? '-' : ''}${whole}.${String(1_000_000 + (micros - whole * 1e6)).slice(1)}`;
}

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const pad = (value: number, digits: number) => String(value).padStart(digits, '0');
const minuteTexts = Array.from(
  { length: 1440 },
  (_, n) => `${pad(Math.floor(n / 60), 2)}:${pad(n % 60, 2)}:`,
);
const secondTexts = Array.from({ length: 60 }, (_, second) => pad(second, 2));
const milliTexts = Array.from({ length: 1000 }, (_, milli) => `.${pad(milli, 3)}000`);
let [cachedDay, cachedDate] = [Number.NaN, ''];

/** The same text as `formatTimestamp`, for instants since 1970. It caches the date, because events come day by day. */
export function formatEventTime(at: number): string {
  const inDay = at % DAY;
  if (at - inDay !== cachedDay) {
    cachedDay = at - inDay;
    cachedDate = formatTimestamp(cachedDay).slice(0, 11);
  }
  const inMinute = inDay % MINUTE;
  const time = `${minuteTexts[(inDay - inMinute) / MINUTE]}${secondTexts[Math.floor(inMinute / 1000)]}`;
  return cachedDate + time + milliTexts[inMinute % 1000];
}
