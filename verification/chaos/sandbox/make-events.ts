import { type EventType, lifecycleTypes, type OrderEvent } from '#lib/contract/event.ts';
import { formatTimestamp } from '#lib/contract/timestamp.ts';
import { integer, pick, type Source, stream } from '#lib/random.ts';

/** Shorter than the watermark's three hours, so that no order of arrival makes an event late. */
const SPAN_MINUTES = 105;
const START = Date.parse('2026-10-01T22:50:00Z');
const PINGS = 6;
const locations = ['sf', 'chicago', 'nyc', 'london'];

export type EventFileContent = { name: string; content: string };

/** The events of `orders` orders, sorted by time: 13 for each order, over two hours that include a midnight. */
export function makeEvents(seed: number, orders: number): OrderEvent[] {
  const random = stream(seed, 'world');
  return Array.from({ length: orders }, (_, order) => makeOrder(random, `order-${seed}-${order}`))
    .flat()
    .sort((one, other) => (one.ts < other.ts ? -1 : 1));
}

function makeOrder(random: Source, orderId: string): OrderEvent[] {
  const start = START + integer(random, 0, SPAN_MINUTES * 60_000);
  const end = start + integer(random, 12, 55) * 60_000;
  const location = integer(random, 0, locations.length - 1);
  const types: EventType[] = [
    ...lifecycleTypes.slice(0, -1),
    ...Array(PINGS).fill('driver_ping'),
    'delivered',
  ];
  return types.map((event_type, sequence) => ({
    event_id: `${orderId}-${sequence}`,
    event_type,
    ts: formatTimestamp(start + Math.round(((end - start) * sequence) / (types.length - 1))),
    gk_id: `kitchen-${location}`,
    location: locations[location] ?? '',
    location_id: location,
    order_id: orderId,
    sequence,
    body: JSON.stringify(makeBody(random, event_type)),
  }));
}

function makeBody(random: Source, type: EventType): object {
  if (type === 'driver_ping') return { progress_pct: integer(random, 0, 100), loc_lat: 1.5, loc_lon: 2.5 };
  if (type !== 'order_created') return {};
  const items = Array.from({ length: integer(random, 1, 5) }, () => ({
    id: integer(random, 1, 181),
    category_id: integer(random, 1, 112),
    menu_id: integer(random, 1, 24),
    brand_id: integer(random, 1, 24),
    name: pick(random, ['Soup', 'Rice "large"', 'Curry \u{1F35B}']),
    price: integer(random, 1, 2199) / 100,
    qty: integer(random, 1, 4),
  }));
  return { customer_lat: 1.25, customer_lon: -2.5, customer_addr: '1 Main Street', items };
}

/** The events as files of `linesPerFile` lines, named in the order of their times. */
export function makeFiles(seed: number, orders: number, linesPerFile: number): EventFileContent[] {
  const lines = makeEvents(seed, orders).map((event) => JSON.stringify(event));
  return Array.from({ length: Math.ceil(lines.length / linesPerFile) }, (_, n) => ({
    name: `20261001-${String(n).padStart(6, '0')}.json`,
    content: `${lines.slice(n * linesPerFile, (n + 1) * linesPerFile).join('\n')}\n`,
  }));
}
