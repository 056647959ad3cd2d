import type { Database } from '#db/client.ts';
import { type Cents, centsFromNumeric } from '#lib/money.ts';
import { getDeliveryTime } from './get-delivery-time.ts';
import { getOrderDays } from './get-order-days.ts';

/** One line of an order; names are null where neither the event nor a dimension table knows them. */
export type OrderLine = {
  lineNo: number;
  itemId: number | null;
  name: string | null;
  brandId: number | null;
  brandName: string | null;
  priceCents: Cents;
  qty: number;
  extendedCents: Cents;
};

/**
 * An order as it was placed. Times are ISO 8601 in UTC; `deliveredTs` and `deliveryMinutes` are null until
 * it is delivered. It holds nothing about the customer: see `getDestination`.
 */
export type Order = {
  orderId: string;
  gkId: string | null;
  /** `timeZone` is IANA's name, null where the location is not known. */
  location: { code: string | null; id: number | null; name: string | null; timeZone: string | null };
  createdTs: string;
  deliveredTs: string | null;
  deliveryMinutes: number | null;
  lines: OrderLine[];
  /** Each brand once, in the order of the lines. */
  brands: { id: number | null; name: string | null }[];
  totalCents: Cents;
};

type Row = {
  gk_id: string | null;
  location: string | null;
  location_id: number | null;
  location_name: string | null;
  time_zone: string | null;
  order_ts: Date;
  line_no: number;
  item_id: number | null;
  item_name: string | null;
  brand_id: number | null;
  brand_name: string | null;
  price: string;
  qty: number;
  extended_price: string;
};

/** The order with its lines and total, or undefined where its creation is not known. */
export async function getOrder(db: Database, orderId: string): Promise<Order | undefined> {
  const { firstDay, lastDay } = await getOrderDays(db.pool, orderId);
  const { rows } = await db.pool.query<Row>(
    `
    -- one row per line of the order
    select
      line.gk_id, line.location, line.location_id, place.name as location_name,
      place.time_zone, line.order_ts,
      line.line_no, line.item_id, line.item_name, line.brand_id, brand.name as brand_name,
      line.price, line.qty, line.extended_price
    from lakeflow.silver_order_items as line
    left join simulator.brands as brand on brand.brand_id = line.brand_id
    left join simulator.locations as place on place.location_code = line.location
    where line.order_id = $1 and line.order_day between $2 and $3
    order by line.line_no`,
    [orderId, firstDay, lastDay],
  );
  const [first] = rows;
  if (!first) return undefined;
  const delivery = await getDeliveryTime(db, orderId);
  const lines = rows.map(toLine);
  return {
    orderId,
    gkId: first.gk_id,
    location: {
      code: first.location,
      id: first.location_id,
      name: first.location_name,
      timeZone: first.time_zone,
    },
    createdTs: first.order_ts.toISOString(),
    deliveredTs: delivery?.deliveredTs ?? null,
    deliveryMinutes: delivery?.minutes ?? null,
    lines,
    brands: listBrands(lines),
    totalCents: lines.reduce((sum, line) => sum + line.extendedCents, 0),
  };
}

function toLine(row: Row): OrderLine {
  return {
    lineNo: row.line_no,
    itemId: row.item_id,
    name: row.item_name,
    brandId: row.brand_id,
    brandName: row.brand_name,
    priceCents: centsFromNumeric(row.price),
    qty: row.qty,
    extendedCents: centsFromNumeric(row.extended_price),
  };
}

function listBrands(lines: OrderLine[]): Order['brands'] {
  const byId = new Map(lines.map((line) => [line.brandId, line.brandName]));
  return [...byId].map(([id, name]) => ({ id, name }));
}
