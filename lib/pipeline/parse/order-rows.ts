import { CopyRows } from './copy-rows.ts';
import { type Instant, readInstant } from './instant.ts';
import type { EventLocation } from './locations.ts';
import type { ParsedEvent } from './parse-event.ts';

type Creation = { event: ParsedEvent; location: EventLocation };

/** What a batch says about one order. Of several creations or deliveries the earliest counts, then the lesser event_id. */
type Order = {
  firstMs: number;
  lastMs: number;
  creations: number;
  deliveries: number;
  created?: Creation;
  delivered?: ParsedEvent;
  /** The earliest times at which the order was ready and picked up, as the events write them. */
  readyTs?: string;
  pickedUpTs?: string;
};

/** The orders of the events of a batch, and the lines and places of the orders that it creates. */
export class OrderRows {
  readonly #orders = new Map<string, Order>();

  add(event: ParsedEvent, { ms }: Instant, location: EventLocation): void {
    const order = this.#find(event.order_id, ms);
    if (ms < order.firstMs) order.firstMs = ms;
    if (ms > order.lastMs) order.lastMs = ms;
    if (event.event_type === 'order_created') {
      order.creations += 1;
      if (!order.created || isEarlier(event, order.created.event)) order.created = { event, location };
    } else if (event.event_type === 'delivered') {
      order.deliveries += 1;
      if (!order.delivered || isEarlier(event, order.delivered)) order.delivered = event;
    } else if (event.event_type === 'gk_ready') {
      order.readyTs = earlierOf(order.readyTs, event.ts);
    } else if (event.event_type === 'driver_picked_up') {
      order.pickedUpTs = earlierOf(order.pickedUpTs, event.ts);
    }
  }

  /** One row for each order, for `pg_temp.batch_orders`. */
  orders(): Uint8Array[] {
    const rows = new CopyRows(14);
    for (const [orderId, order] of this.#orders) {
      const { firstMs, lastMs, creations, deliveries, created, delivered, readyTs, pickedUpTs } = order;
      rows.startRow();
      rows.text(orderId);
      rows.date(firstMs);
      rows.date(lastMs);
      rows.integer(creations);
      rows.integer(deliveries);
      rows.text(created?.event.gk_id);
      rows.text(created?.location.location);
      rows.integer(created?.location.locationId);
      rows.timestamp(created && readInstant(created.event.ts));
      rows.text(created?.event.event_id);
      rows.timestamp(delivered && readInstant(delivered.ts));
      rows.text(delivered?.event_id);
      rows.timestamp(readyTs === undefined ? undefined : readInstant(readyTs));
      rows.timestamp(pickedUpTs === undefined ? undefined : readInstant(pickedUpTs));
    }
    return rows.finish();
  }

  /** One row for each order line of an order that is created, for `pg_temp.added_order_items`. */
  items(batchId: number): Uint8Array[] {
    const rows = new CopyRows(16);
    for (const { created } of this.#orders.values()) if (created) addItems(rows, created, batchId);
    return rows.finish();
  }

  /** One row for each order that is created, for `pg_temp.batch_places`. */
  places(): Uint8Array[] {
    const rows = new CopyRows(6);
    for (const { created } of this.#orders.values()) {
      if (!created) continue;
      const { order_id, event_id, ts, place } = created.event;
      rows.startRow();
      rows.text(order_id);
      rows.text(event_id);
      rows.date(readInstant(ts).ms);
      rows.double(place?.customer_lat);
      rows.double(place?.customer_lon);
      rows.text(place?.customer_addr);
    }
    return rows.finish();
  }

  #find(orderId: string, ms: number): Order {
    const known = this.#orders.get(orderId);
    if (known) return known;
    const order = { firstMs: ms, lastMs: ms, creations: 0, deliveries: 0 };
    this.#orders.set(orderId, order);
    return order;
  }
}

function addItems(rows: CopyRows, { event, location }: Creation, batchId: number): void {
  const instant = readInstant(event.ts);
  event.items.forEach((item, index) => {
    // The contract accepts whole cents only, so this product differs from them by less than a rounding.
    const price = Math.round(item.price * 100);
    rows.startRow();
    rows.text(event.order_id);
    rows.text(event.gk_id);
    rows.text(location.location);
    rows.integer(location.locationId);
    rows.timestamp(instant);
    rows.date(instant.ms);
    rows.integer(index + 1);
    rows.integer(item.id);
    rows.integer(item.menu_id);
    rows.integer(item.category_id);
    rows.integer(item.brand_id);
    rows.text(item.name);
    rows.cents(price);
    rows.integer(item.qty);
    rows.cents(price * item.qty);
    rows.bigint(batchId);
  });
}

/** Times as events hold them, which compare as texts. */
function earlierOf(known: string | undefined, ts: string): string {
  return known !== undefined && known < ts ? known : ts;
}

/** Orders events as the declared body of silver does: by time, then by event_id in the collation "C" (UTF-8 bytes). */
function isEarlier(event: ParsedEvent, other: ParsedEvent): boolean {
  if (event.ts !== other.ts) return event.ts < other.ts;
  return Buffer.compare(Buffer.from(event.event_id), Buffer.from(other.event_id)) < 0;
}
