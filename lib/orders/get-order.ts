import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { double, group, instant, integer, named, nullable, type RowOf, text, usd } from '#db/columns.ts';
import { statement } from '#db/statement.ts';

/** One line of an order; names are null where neither the event nor a dimension table knows them. */
const lineColumns = {
  lineNo: integer,
  itemId: nullable(integer),
  name: named('item_name', nullable(text)),
  brandId: nullable(integer),
  brandName: nullable(text),
  priceCents: named('price', usd),
  qty: integer,
  extendedCents: named('extended_price', usd),
};
export type OrderLine = RowOf<typeof lineColumns>;

/** Where an order was placed; `timeZone` is IANA's name, null where the location is not known. */
export const locationColumns = {
  code: named('location', nullable(text)),
  id: named('location_id', nullable(integer)),
  name: named('location_name', nullable(text)),
  timeZone: nullable(text),
};

/**
 * An order as it was placed. Times are ISO 8601 in UTC; `deliveredTs` and `deliveryMinutes` are null until it is
 * delivered. It holds nothing about the customer: see `getDestination`.
 */
export type Order = {
  orderId: string;
  gkId: string | null;
  location: RowOf<typeof locationColumns>;
  createdTs: string;
  deliveredTs: string | null;
  deliveryMinutes: number | null;
  lines: OrderLine[];
  /** Each brand once, in the order of the lines. */
  brands: { id: number | null; name: string | null }[];
  totalCents: number;
};

const findLines = statement({
  params: { orderId: text, firstDay: text, lastDay: text },
  returns: {
    gkId: nullable(text),
    createdTs: named('order_ts', instant),
    location: group(locationColumns),
    line: group(lineColumns),
  },
  sql: ({ orderId, firstDay, lastDay }) => sql`
    -- one row per line of the order
    select
      line.gk_id, line.location, line.location_id, location.name as location_name,
      location.time_zone, line.order_ts,
      line.line_no, line.item_id, line.item_name, line.brand_id, brand.name as brand_name,
      line.price, line.qty, line.extended_price
    from lakeflow.silver_order_items as line
    left join simulator.brands as brand on brand.brand_id = line.brand_id
    left join simulator.locations as location on location.location_code = line.location
    where line.order_id = ${orderId} and line.order_day between ${firstDay} and ${lastDay}
    order by line.line_no`,
});

/** The order with its lines and total, or undefined where its creation is not known. */
export async function getOrder(db: Database, orderId: string): Promise<Order | undefined> {
  const { firstDay, lastDay } = await getOrderDays(db, orderId);
  const rows = await findLines(db.pool, { orderId, firstDay, lastDay });
  const [first] = rows;
  if (!first) return undefined;
  const delivery = await getDeliveryTime(db, orderId);
  const lines = rows.map(({ line }) => line);
  return {
    orderId,
    gkId: first.gkId,
    location: first.location,
    createdTs: first.createdTs,
    deliveredTs: delivery?.deliveredTs ?? null,
    deliveryMinutes: delivery?.minutes ?? null,
    lines,
    brands: listBrandsOf(lines),
    totalCents: lines.reduce((sum, line) => sum + line.extendedCents, 0),
  };
}

/** Each brand of the lines once, in their order. */
export function listBrandsOf(lines: OrderLine[]): Order['brands'] {
  const byId = new Map(lines.map((line) => [line.brandId, line.brandName]));
  return [...byId].map(([id, name]) => ({ id, name }));
}

/** When an order was created and delivered, ISO 8601 in UTC, and the minutes between. */
const deliveryColumns = {
  orderId: text,
  location: nullable(text),
  createdTs: instant,
  deliveredTs: instant,
  minutes: named('delivery_minutes', double),
};
export type DeliveryTime = RowOf<typeof deliveryColumns>;

const findDelivery = statement({
  params: { orderId: text },
  returns: deliveryColumns,
  sql: ({ orderId }) => sql`
    -- at most one row: the order's delivery
    select order_id, location, created_ts, delivered_ts, delivery_minutes
    from ai.get_order_delivery_time(${orderId})`,
});

/** How long an order took from created to delivered, or undefined while one of the two is not known. */
export async function getDeliveryTime(db: Database, orderId: string): Promise<DeliveryTime | undefined> {
  const [row] = await findDelivery(db.pool, { orderId });
  return row;
}

/** The UTC days of an order's events: `firstDay` to `lastDay`, and the instants from which and before which they lie. */
const dayColumns = {
  firstDay: text,
  lastDay: text,
  from: text,
  before: text,
};
type OrderDays = RowOf<typeof dayColumns>;

const unbounded: OrderDays = {
  firstDay: '-infinity',
  lastDay: 'infinity',
  from: '-infinity',
  before: 'infinity',
};

const findDays = statement({
  params: { orderId: text },
  returns: dayColumns,
  sql: ({ orderId }) => sql`
    -- at most one row
    select
      first_day::text, last_day::text,
      first_day || ' 00:00+00' as from, (last_day + 1) || ' 00:00+00' as before
    from lakeflow.silver_orders
    where order_id = ${orderId}`,
});

/**
 * The days, and so the partitions, that hold the events of an order: a query with these bounds reads no other
 * partition. Unbounded where nothing is known of the order.
 */
export async function getOrderDays(db: Database, orderId: string): Promise<OrderDays> {
  const [row] = await findDays(db.pool, { orderId });
  return row ?? unbounded;
}
