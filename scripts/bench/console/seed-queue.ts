import type { Database } from '#db/client.ts';

/** Orders with events, for the timeline. */
const WITH_EVENTS = 200;

/**
 * Fills the queue of an empty database with `rows` recommendations, a quarter of them with a refund, in ten
 * locations, one order a minute.
 */
export async function seedQueue({ pool }: Database, rows: number): Promise<void> {
  await pool.query(
    `insert into lakeflow.silver_order_items
       (order_id, location, order_ts, order_day, line_no, brand_id, price, qty, extended_price, batch_id)
     select 'order-' || lpad(n::text, 8, '0'), 'place-' || n % 10, ts, ts::date, 1, n % 24, 30, 1, 30, 1
     from generate_series(1, $1::integer) as n, lateral (select '2026-01-01Z'::timestamptz + n * interval '1 minute' as ts) as at`,
    [rows],
  );
  await pool.query(
    `insert into recommender.pg_recommendations
       (order_id, recommendation_id, ts, order_ts, delivered_ts, location, delivery_minutes, order_total_usd,
        agent_response, refund_class, refund_usd, reason, source, policy_version, evidence, synced_at)
     select
       'order-' || lpad(n::text, 8, '0'), n, ts, ts, ts + interval '40 minutes', 'place-' || n % 10, 20 + n % 60, 30, '',
       case when n % 4 = 0 then 'partial' else 'none' end, case when n % 4 = 0 then 3 + n % 20 else 0 end,
       'Delivered in 41.2 min, above P75 of 38.0 min.', 'policy', 'v1',
       '{"policy_version": "v1", "delivery_minutes": 41.2, "order_total_usd": "30.00", "location": "place-1",
         "basis": "trailing_day", "window_from": null, "window_to": null, "sample_size": 200, "p50_minutes": 30,
         "p75_minutes": 38, "p99_minutes": 60}', ts
     from generate_series(1, $1::integer) as n, lateral (select '2026-01-01Z'::timestamptz + n * interval '1 minute' as ts) as at`,
    [rows],
  );
  await pool.query(
    `insert into lakeflow.all_events
       (event_id, event_type, ts, location, location_id, order_id, sequence, body, source_file, source_line, ingested_at, batch_id)
     select
       n || '-' || step, (array['order_created', 'gk_started', 'gk_finished', 'gk_ready', 'driver_arrived',
         'driver_picked_up', 'driver_ping', 'driver_ping', 'driver_ping', 'delivered'])[step],
       '2026-01-01Z'::timestamptz + n * interval '1 minute' + step * interval '4 minutes', 'place-1', 1,
       'order-' || lpad(n::text, 8, '0'), step, '{}', 'bench', 1, now(), 1
     from generate_series(1, $1::integer) as n, generate_series(1, 10) as step`,
    [WITH_EVENTS],
  );
  await pool.query(
    'insert into refunds.settings (approval_limit_usd, changed_by, reason) values (1000, $1, $1)',
    ['bench'],
  );
  await pool.query('vacuum analyze');
}
