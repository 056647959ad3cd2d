import { type Envelope, type EventType, eventTypes, limits, type OrderItem } from './event.ts';
import { parseTimestamp } from './timestamp.ts';

/*
 * Recognizes what the schemas of event.ts accept unchanged, in a tenth of their time. False or undefined here decides
 * nothing: then the schemas must check the value, and report what is wrong, if anything.
 */

const INT4 = 2_147_483_647;
const types: ReadonlySet<unknown> = new Set(eventTypes);

/** The envelope that the schema would give, `ts` as an instant; `body` is a string, as nearly always. */
export function readUsualEnvelope(record: object): (Envelope & { body: string }) | undefined {
  const { event_id, event_type, ts, gk_id, location, location_id, order_id, sequence, body } =
    record as Record<keyof Envelope, unknown>;
  if (!isId(event_id) || !isId(order_id) || !isType(event_type)) return undefined;
  if (!isKeyOrNone(gk_id) || !isKeyOrNone(location) || !isInt4OrNone(location_id)) return undefined;
  if (!isInt4(sequence) || sequence < 0 || typeof body !== 'string' || typeof ts !== 'string')
    return undefined;
  const instant = parseTimestamp(ts);
  if (instant === undefined) return undefined;
  return { event_id, event_type, ts: instant, gk_id, location, location_id, order_id, sequence, body };
}

/** The item lines of a body that the schema of its type would take; none but a creation has any. */
export function readUsualItems(type: EventType, body: object): readonly OrderItem[] | undefined {
  const given = body as Record<string, unknown>;
  if (type === 'order_created') return isPlaced(given) ? usualItems(given.items) : undefined;
  return isUsual[type](given) ? [] : undefined;
}

const isUsual: Record<Exclude<EventType, 'order_created'>, (body: Record<string, unknown>) => boolean> = {
  gk_started: () => true,
  gk_finished: () => true,
  gk_ready: () => true,
  driver_arrived: () => true,
  driver_picked_up: ({ route_points: points, eta_mins: eta }) =>
    isNumberOrNone(eta) && (points == null || (Array.isArray(points) && points.every(isPoint))),
  driver_ping: ({ progress_pct: progress, loc_lat: lat, loc_lon: lon }) =>
    isNumberOrNone(progress) && isNumberOrNone(lat) && isNumberOrNone(lon),
  delivered: ({ delivered_lat: lat, delivered_lon: lon }) => isNumberOrNone(lat) && isNumberOrNone(lon),
};

function isPlaced({ customer_lat: lat, customer_lon: lon, customer_addr: address }: Record<string, unknown>) {
  return isNumberOrNone(lat) && isNumberOrNone(lon) && isTextOrNone(address);
}

function usualItems(items: unknown): readonly OrderItem[] | undefined {
  return Array.isArray(items) && items.length >= 1 && items.length <= limits.lines && items.every(isItem)
    ? items
    : undefined;
}

function isItem(item: unknown): item is OrderItem {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return false;
  const { id, category_id, menu_id, brand_id, name, price, qty } = item as Record<keyof OrderItem, unknown>;
  return (
    isInt4OrNone(id) &&
    isInt4OrNone(category_id) &&
    isInt4OrNone(menu_id) &&
    isInt4OrNone(brand_id) &&
    isTextOrNone(name) &&
    isPrice(price) &&
    isInt4(qty) &&
    qty >= 1 &&
    qty <= limits.qty
  );
}

/** A double is the nearest to some whole cents exactly where dividing those gives it again. */
function isPrice(value: unknown): boolean {
  return (
    typeof value === 'number' &&
    value >= 0 &&
    value <= limits.price &&
    Math.round(value * 100) / 100 === value
  );
}

function isPoint(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && Number.isFinite(value[0]) && Number.isFinite(value[1]);
}

function isType(value: unknown): value is EventType {
  return types.has(value);
}

function isId(value: unknown): value is string {
  return isKey(value) && value.length > 0;
}

function isKey(value: unknown): value is string {
  return typeof value === 'string' && value.length <= limits.key;
}

function isKeyOrNone(value: unknown): value is string | null | undefined {
  return value == null || isKey(value);
}

function isTextOrNone(value: unknown): boolean {
  return value == null || typeof value === 'string';
}

function isNumberOrNone(value: unknown): boolean {
  return value == null || Number.isFinite(value);
}

function isInt4(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(value as number) <= INT4;
}

function isInt4OrNone(value: unknown): value is number | null | undefined {
  return value == null || isInt4(value);
}
