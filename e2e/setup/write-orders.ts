import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An order of one dish for $40.00 in Portland; the minutes of its steps count from when it was placed. */
export type WrittenOrder = { orderId: string; placedAt: Date; deliveredMinutes: number };

const MINUTE = 60_000;
const item = { id: 1, category_id: 1, menu_id: 1, brand_id: 1, name: 'Soup', price: 40, qty: 1 };
const created = { customer_lat: 45.52, customer_lon: -122.68, customer_addr: '1 Test Street', items: [item] };

/** All events of an order, the delivery last. */
export function eventsOf({ orderId, placedAt, deliveredMinutes }: WrittenOrder): object[] {
  const steps: [type: string, minutes: number, body: object][] = [
    ['order_created', 0, created],
    ['gk_started', 2, {}],
    ['gk_finished', 10, {}],
    ['gk_ready', 12, {}],
    ['driver_arrived', 14, {}],
    ['driver_picked_up', 15, { route_points: [[45.51, -122.68]], eta_mins: 12 }],
    ['delivered', deliveredMinutes, { delivered_lat: 45.52, delivered_lon: -122.68 }],
  ];
  return steps.map(([type, minutes, body], sequence) => ({
    event_id: `${orderId}-${sequence}`,
    event_type: type,
    ts: new Date(placedAt.getTime() + minutes * MINUTE).toISOString(),
    gk_id: 'gk_1',
    location: 'portland',
    order_id: orderId,
    sequence,
    body: JSON.stringify(body),
  }));
}

/** Writes events as a file of the volume. */
export function writeEvents(volumeRoot: string, file: string, events: object[]): void {
  const directory = join(volumeRoot, 'caspers/simulator/events');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, file), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
}
