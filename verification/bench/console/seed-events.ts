import type { Database } from '#db/client.ts';

/** The number of orders with events: those of the last days, so that their partitions are realistically full. */
export const WITH_EVENTS = 3000;
const STEPS = [
  'order_created',
  'gk_started',
  'gk_finished',
  'gk_ready',
  'driver_arrived',
  'driver_picked_up',
  ...Array.from({ length: 6 }, () => 'driver_ping'),
  'delivered',
];

const point = (n: number): [number, number] => [37.77 + n / 1000, -122.41 - n / 1000];
const bodies: Record<string, unknown> = {
  order_created: {
    customer_lat: 37.81,
    customer_lon: -122.44,
    customer_addr: '1 Main St',
    items: [1, 2].map((id) => ({
      id,
      category_id: 1,
      menu_id: 1,
      brand_id: id,
      name: `Dish ${id}`,
      price: 10 * id,
      qty: 1,
    })),
  },
  driver_picked_up: { route_points: Array.from({ length: 40 }, (_, n) => point(n)), eta_mins: 12 },
  driver_ping: { progress_pct: 40, loc_lat: 37.7876, loc_lon: -122.4276 },
  delivered: { delivered_lat: 37.81, delivered_lon: -122.44 },
};

/** Inserts all events of the newest of `rows` orders, with bodies as long as those of the simulator. */
export async function seedEvents({ pool }: Database, rows: number): Promise<void> {
  await pool.query(
    `insert into lakeflow.all_events
       (event_id, event_type, ts, gk_id, location, location_id, order_id, sequence, body, source_file, source_line,
        ingested_at, batch_id)
     select
       md5(n || '-' || step), types[step], '2026-01-01Z'::timestamptz + n * interval '100 seconds' + step * interval '3 minutes',
       'gk', 'place-1', 1, 'order-' || lpad(n::text, 8, '0'), step, bodies[step]::json, 'bench', 1, now(), 1
     from generate_series($1::integer, $2::integer) as n,
       (select $3::text[] as types, $4::text[] as bodies) as lifecycle, generate_subscripts(types, 1) as step`,
    [
      Math.max(rows - WITH_EVENTS, 0) + 1,
      rows,
      STEPS,
      STEPS.map((step) => JSON.stringify(bodies[step] ?? {})),
    ],
  );
}
