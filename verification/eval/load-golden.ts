import type { Database } from '#db/client.ts';
import { toDecimal } from '#lib/money.ts';
import type { GoldenDelivery } from './golden-set.ts';

/** Puts deliveries into an empty database's silver, each an order of one line of its whole total. */
export async function loadGolden(db: Database, deliveries: readonly GoldenDelivery[]): Promise<void> {
  const rows = deliveries.map(({ total_usd, ...rest }) => ({ ...rest, total_usd: toDecimal(total_usd) }));
  await db.pool.query(
    `
    with delivery as (
      select *, delivered_ts - seconds * interval '1 second' as created_ts
      from json_to_recordset($1) as given
        (order_id text, location text, delivered_ts timestamptz, seconds integer, total_usd numeric)
    ), lines as (
      insert into lakeflow.silver_order_items
        (order_id, location, order_ts, order_day, line_no, price, qty, extended_price, batch_id)
      select order_id, location, created_ts, created_ts::date, 1, total_usd, 1, total_usd, 1
      from delivery
    )
    insert into lakeflow.silver_deliveries
      (order_id, location, created_ts, delivered_ts, delivery_minutes, batch_id)
    select order_id, location, created_ts, delivered_ts, seconds / 60.0::double precision, 1
    from delivery`,
    [JSON.stringify(rows)],
  );
}
