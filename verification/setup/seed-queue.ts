import type { Database } from '#db/client.ts';

/** Every seeded order: number, id, location, time of the order and of the delivery; 864 orders a day. */
const ORDERS = `(
    select
      n, 'order-' || lpad(n::text, 8, '0') as order_id, 'place-' || n % 10 as location, ts,
      ts + interval '40 minutes' as delivered_ts
    from generate_series(1, $1::integer) as n,
      lateral (select '2026-01-01Z'::timestamptz + n * interval '100 seconds' as ts) as at
  ) as orders`;

const SYNCED_ORDERS = `
  insert into recommender.pg_orders (order_id, facts_batch, location, created_ts, delivered_ts, delivery_minutes,
    total_usd, brand_ids, lines, border_ts, events, synced_at)
  select
    order_id, 1, location, ts, delivered_ts, 40, 30, array[(n + 5) % 24, (n + 10) % 24],
    (
      select json_agg(json_build_object('line_no', line_no, 'item_id', null, 'item_name', 'Dish ' || line_no,
        'brand_id', (n + 5 * line_no) % 24, 'brand_name', null, 'qty', 1, 'price', (10 * line_no)::numeric(12, 2)::text,
        'extended_price', (10 * line_no)::numeric(12, 2)::text))
      from generate_series(1, 2) as line_no
    ), array[ts, null, null, null, null, delivered_ts], '[]', ts
  from ${ORDERS}`;

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

/**
 * Fills an empty database with `rows` recommendations in ten locations, a quarter of them with a refund, and their
 * orders, as the sync writes them.
 */
export async function seedQueue({ pool }: Database, rows: number): Promise<void> {
  for (const statement of [SYNCED_ORDERS, RECOMMENDATIONS]) await pool.query(statement, [rows]);
  await pool.query(
    'insert into refunds.settings (approval_limit_usd, changed_by, reason) values (1000, $1, $1)',
    ['bench'],
  );
}
