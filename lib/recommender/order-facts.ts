import { centsFromNumeric } from '#lib/money.ts';
import type { DeliveredOrder } from './policy/score-order.ts';

export type OrderRow = {
  order_id: string;
  batch_id: string;
  location: string | null;
  created_ts: string;
  delivered_ts: string;
  delivered_at: number;
  delivery_minutes: number;
  total: string;
  preparation_minutes: number | null;
};

/** What a scorer knows of a row `delivery` of silver_deliveries with its `orderLines` as `lines`. */
export const orderColumns = `
      delivery.order_id, delivery.batch_id, delivery.location, delivery.created_ts::text,
      delivery.delivered_ts::text, delivery.delivery_minutes,
      (extract(epoch from delivery.delivered_ts) * 1000000)::double precision as delivered_at,
      coalesce(lines.total, 0) as total, lines.preparation_minutes`;

/** The total of a delivery's order and the preparation time of its slowest brand. */
export const orderLines = `
      select sum(line.extended_price) as total, max(brand.avg_prep_time_min) as preparation_minutes
      from lakeflow.silver_order_items as line
      left join simulator.brands as brand using (brand_id)
      where line.order_id = delivery.order_id
        and line.order_day = (delivery.created_ts at time zone 'UTC')::date`;

export function toOrder(row: OrderRow): DeliveredOrder {
  return {
    orderId: row.order_id,
    batchId: row.batch_id,
    location: row.location,
    createdTs: row.created_ts,
    deliveredTs: row.delivered_ts,
    deliveredAt: row.delivered_at,
    minutes: row.delivery_minutes,
    totalCents: centsFromNumeric(row.total),
    preparationMinutes: row.preparation_minutes,
  };
}
