import type { Database } from '#db/client.ts';

/** The number of orders with events: those of the last days. */
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

/** Gives the newest of `rows` synced orders all their events, with bodies as long as those of the simulator. */
export async function seedEvents({ pool }: Database, rows: number): Promise<void> {
  await pool.query(
    `update recommender.pg_orders
     set events = (
       select json_agg(json_build_array(md5(order_id || step), types[step],
         to_char(created_ts + step * interval '3 minutes', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), step, 'gk', location, 1,
         bodies[step]::json) order by step)
       from (select $2::text[] as types, $3::text[] as bodies) as lifecycle, generate_subscripts(types, 1) as step
     )
     where order_id > 'order-' || lpad($1::text, 8, '0')`,
    [Math.max(rows - WITH_EVENTS, 0), STEPS, STEPS.map((step) => JSON.stringify(bodies[step] ?? {}))],
  );
}
