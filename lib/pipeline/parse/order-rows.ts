import { CopyRows, type Instant } from './copy-rows.ts';
import type { EventLocation } from './locations.ts';
import type { ParsedEvent } from './parse-event.ts';
import { isLater } from './read-instant.ts';

/** When an event happened; of two at one instant the one with the lesser id is the first. */
type Moment = { instant: Instant; eventId: string };

type Happened = Moment & { event: ParsedEvent; place: EventLocation };

/** What a batch says of one order; of several creations or deliveries the first, by time and then by id. */
type Order = {
  firstMs: number;
  lastMs: number;
  creations: number;
  deliveries: number;
  created?: Happened;
  delivered?: Moment;
};

/** The orders that the events of a batch are of, and the lines of those that it creates. */
export class OrderRows {
  readonly #orders = new Map<string, Order>();

  create(event: ParsedEvent, instant: Instant, place: EventLocation): void {
    const order = this.touch(event.order_id, instant.ms);
    order.creations += 1;
    order.created = firstOf(order.created, { instant, eventId: event.event_id, event, place });
  }

  deliver(orderId: string, instant: Instant, eventId: string): void {
    const order = this.touch(orderId, instant.ms);
    order.deliveries += 1;
    order.delivered = firstOf(order.delivered, { instant, eventId });
  }

  /** Notes that something of an order happened at `ms`. */
  touch(orderId: string, ms: number): Order {
    const order = this.#find(orderId, ms);
    if (ms < order.firstMs) order.firstMs = ms;
    if (ms > order.lastMs) order.lastMs = ms;
    return order;
  }

  /** One row per order, for `batch_orders`. */
  orders(): Uint8Array[] {
    const rows = new CopyRows(10);
    for (const [orderId, { firstMs, lastMs, creations, deliveries, created, delivered }] of this.#orders) {
      rows.startRow();
      rows.text(orderId);
      rows.day(firstMs);
      rows.day(lastMs);
      rows.integer(creations);
      rows.integer(deliveries);
      rows.text(created?.event.gk_id);
      rows.text(created?.place.location);
      rows.integer(created?.place.locationId);
      rows.instant(created?.instant);
      rows.instant(delivered?.instant);
    }
    return rows.finish();
  }

  /** One row per line of an order that is created, for `added_order_items`. */
  items(batchId: number): Uint8Array[] {
    const rows = new CopyRows(16);
    for (const { created } of this.#orders.values()) if (created) addLines(rows, created, batchId);
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

function addLines(rows: CopyRows, { event, instant, place }: Happened, batchId: number): void {
  event.items.forEach((item, index) => {
    // The contract lets whole cents pass, and nothing else: the product is off by less than a rounding.
    const price = Math.round(item.price * 100);
    rows.startRow();
    rows.text(event.order_id);
    rows.text(event.gk_id);
    rows.text(place.location);
    rows.integer(place.locationId);
    rows.instant(instant);
    rows.day(instant.ms);
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

function firstOf<Given extends Moment>(known: Given | undefined, next: Given): Given {
  if (!known || isLater(known.instant, next.instant)) return next;
  if (isLater(next.instant, known.instant)) return known;
  // As Postgres compares in the collation "C": by the bytes of UTF-8.
  return Buffer.compare(Buffer.from(known.eventId), Buffer.from(next.eventId)) <= 0 ? known : next;
}
