import type { Database } from '#db/client.ts';

/** A delivered order of one line; `deliveredTs` as Postgres reads it. */
export type TestDelivery = {
  orderId: string;
  location: string | null;
  deliveredTs: string;
  minutes: number;
  total: string;
  batchId: number;
};

/** Inserts delivered orders into silver, as the pipeline would. */
export async function insertDeliveries(db: Database, deliveries: TestDelivery[]): Promise<void> {
  await db.pool.query(
    `
    with delivery as (
      select * from json_to_recordset($1) as d (
        "orderId" text, location text, "deliveredTs" timestamptz, minutes double precision, total numeric, "batchId" bigint)
    ), lines as (
      insert into lakeflow.silver_order_items
        (order_id, location, order_ts, order_day, line_no, price, qty, extended_price, batch_id)
      select "orderId", location, "deliveredTs" - minutes * interval '1 minute',
        ("deliveredTs" - minutes * interval '1 minute')::date, 1, total, 1, total,
        "batchId"
      from delivery
    )
    insert into lakeflow.silver_deliveries
      (order_id, location, created_ts, delivered_ts, delivery_minutes, batch_id)
    select "orderId", location, "deliveredTs" - minutes * interval '1 minute', "deliveredTs", minutes, "batchId"
    from delivery`,
    [JSON.stringify(deliveries)],
  );
}

/** Inserts `count` generated deliveries over `days` days and `batches` batches into silver: four locations, one half as busy. */
export async function generateDeliveries(
  db: Database,
  { count, days, batches }: { count: number; days: number; batches: number },
): Promise<void> {
  await db.pool.query(
    `
    with delivery as (
      select
        'R' || upper(substr(md5(n::text), 1, 10)) || n as order_id,
        'kitchen_' || n % 7 % 4 as location,
        timestamptz '2026-08-01 00:00+00' + n * ($2 * interval '1 day') / $1 as delivered_ts,
        15 + ('x' || substr(md5('m' || n), 1, 6))::bit(24)::integer / 16777216.0 * 45 as minutes,
        (2 + n % 60)::numeric + 0.49 as total,
        1 + n * $3::bigint / ($1 + 1) as batch_id
      from generate_series(1, $1::integer) as n
    ), lines as (
      insert into lakeflow.silver_order_items
        (order_id, location, order_ts, order_day, line_no, price, qty, extended_price, batch_id)
      select order_id, location, delivered_ts - minutes * interval '1 minute',
        (delivered_ts - minutes * interval '1 minute')::date, 1, total, 1, total, batch_id from delivery
    )
    insert into lakeflow.silver_deliveries
      (order_id, location, created_ts, delivered_ts, delivery_minutes, batch_id)
    select order_id, location, delivered_ts - minutes * interval '1 minute', delivered_ts, minutes, batch_id
    from delivery`,
    [count, days, batches],
  );
}
