import type { Database } from '#db/client.ts';

/** Every seeded order: number, id, location, time of the order and of the delivery; 864 orders a day. */
const ORDERS = `(
    select
      n, 'order-' || lpad(n::text, 8, '0') as order_id, 'place-' || n % 10 as location, ts,
      ts + interval '40 minutes' as delivered_ts
    from generate_series(1, $1::integer) as n,
      lateral (select '2026-01-01Z'::timestamptz + n * interval '100 seconds' as ts) as at
  ) as orders`;

const SILVER_ORDERS = `
  insert into lakeflow.silver_orders (order_id, first_day, last_day, location, created_ts, created_batch)
  select order_id, ts::date, delivered_ts::date, location, ts, 1 from ${ORDERS}`;

const LINES = `
  insert into lakeflow.silver_order_items
    (order_id, location, order_ts, order_day, line_no, brand_id, price, qty, extended_price, batch_id)
  select order_id, location, ts, ts::date, line_no, (n + 5 * line_no) % 24, 10 * line_no, 1, 10 * line_no, 1
  from ${ORDERS}, generate_series(1, 2) as line_no`;

const RECOMMENDATIONS = `
  insert into recommender.pg_recommendations
    (order_id, recommendation_id, ts, order_ts, delivered_ts, location, delivery_minutes, order_total_usd,
     agent_response, refund_class, refund_usd, reason, source, policy_version, evidence, synced_at)
  select
    order_id, n, ts, ts, delivered_ts, location, 20 + n % 60, 30, '',
    case when n % 4 = 0 then 'partial' else 'none' end, case when n % 4 = 0 then 3 + n % 20 else 0 end,
    'Delivered in 41.2 min, above P75 of 38.0 min.', 'policy', 'v1',
    '{"policy_version": "v1", "delivery_minutes": 41.2, "order_total_usd": "30.00", "location": "place-1",
      "benchmark_source": "trailing_day", "window_from": null, "window_to": null, "sample_size": 200, "p50_minutes": 30,
      "p75_minutes": 38, "p99_minutes": 60}', ts
  from ${ORDERS}`;

/** The number of days whose partitions are created in one transaction. */
const DAYS = 60;

/**
 * Fills an empty database with `rows` recommendations in ten locations, a quarter of them with a refund, and their
 * orders, in one partition for each day as the pipeline creates them.
 * @returns the number of days.
 */
export async function seedQueue({ pool }: Database, rows: number): Promise<number> {
  const days = Math.ceil((rows * 100) / 86_400) + 1;
  for (let day = 0; day < days; day += DAYS)
    await pool.query(
      `select lakeflow.add_partitions(array_agg('2026-01-01'::date + n))
       from generate_series($1::integer, $2::integer) as n`,
      [day, Math.min(day + DAYS, days) - 1],
    );
  for (const statement of [SILVER_ORDERS, LINES, RECOMMENDATIONS]) await pool.query(statement, [rows]);
  await pool.query(
    'insert into refunds.settings (approval_limit_usd, changed_by, reason) values (1000, $1, $1)',
    ['bench'],
  );
  return days;
}
