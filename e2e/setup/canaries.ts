import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Personal data in the events of one order, in known and in unknown fields. */
const customer = {
  customer_addr: '4711 Canarystrasse Apt 9b, 00815 Kanarienstadt',
  customer_lat: 45.523114159,
  customer_lon: -122.676527182,
  customer_phone: '+1 555 867 5309',
  customer_name: 'Kanaria Vogelsang',
  customer_email: 'kanaria@vogel.example',
};
const way = [
  [45.511357913, -122.686808642],
  [45.519283746, -122.679384756],
] as const;

/** Any of these is a leak, wherever it appears. Coordinates may be shown with two decimals. */
export const canaries =
  /Canarystrasse|Kanarienstadt|Kanaria|867.?5309|523114|676527|511357|686808|519283|679384|523115|676528/i;

export const orderId = 'CANARY01';
const MINUTE = 60_000;

const steps: [type: string, minutes: number, body: unknown][] = [
  ['gk_started', 2, {}],
  ['gk_finished', 20, {}],
  ['gk_ready', 22, {}],
  ['driver_arrived', 25, { driver_phone: customer.customer_phone }],
  ['driver_picked_up', 27, { route_points: way, eta_mins: 12 }],
  ['driver_ping', 60, { progress_pct: 50, loc_lat: way[1][0], loc_lon: way[1][1] }],
  ['delivered', 118, { delivered_lat: 45.5231151, delivered_lon: -122.6765281 }],
];
const item = { id: 1, category_id: 1, menu_id: 1, brand_id: 1, name: 'Soup of the day', price: 21.5, qty: 2 };

/** Writes the events of a very late order into the volume, and two broken records. */
export function plantCanaries(volumeRoot: string, now: Date): void {
  const directory = join(volumeRoot, 'caspers/simulator/events');
  const created = now.getTime() - 130 * MINUTE;
  const event = (sequence: number, type: string, minutes: number, body: unknown) => ({
    event_id: `canary-${sequence}`,
    event_type: type,
    ts: new Date(created + minutes * MINUTE).toISOString(),
    gk_id: 'gk_canary',
    location: 'portland',
    order_id: orderId,
    sequence,
    body: JSON.stringify(body),
    contact: customer.customer_email,
  });
  const first = event(0, 'order_created', 0, { ...customer, items: [item] });
  const events = [first, ...steps.map(([type, minutes, body], at) => event(at + 1, type, minutes, body))];
  const broken = JSON.stringify({ ...first, event_id: 'canary-broken', ts: 'yesterday' });
  const lines = [...events.map((each) => JSON.stringify(each)), broken, broken.slice(0, -40)];
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'canary.json'), `${lines.join('\n')}\n`);
}
