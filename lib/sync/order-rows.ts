import { sql } from 'drizzle-orm/sql';
import { text } from '#db/columns.ts';
import type { Runner } from '#db/statement.ts';
import { buildBrands, buildOrders } from '#lib/orders/index.ts';

/** JSON arrays of rows for the tables of the console, as text: of orders, of their places, and of all brands. */
export type OrderRows = { orders: string; places: string; brands: string };
/** The parameters that carry them. */
export const orderParams = { orders: text, places: text, brands: text };

/** Builds what the console needs of some orders; an order may be named more than once. */
export async function readOrders(source: Runner, orderIds: Iterable<string>): Promise<OrderRows> {
  const built = await buildOrders(source, [...new Set(orderIds)]);
  return {
    orders: `[${built.map(({ order }) => order).join(',')}]`,
    places: `[${built.flatMap(({ place }) => place ?? []).join(',')}]`,
    brands: await buildBrands(source),
  };
}

const namesOfOrder = [
  ...[
    'facts_batch',
    'gk_id',
    'location',
    'location_id',
    'location_name',
    'time_zone',
    'created_ts',
    'delivered_ts',
  ],
  ...['delivery_minutes', 'total_usd', 'brand_ids', 'lines', 'border_ts', 'events'],
];
const namesOfPlace = ['created_ts', 'latitude', 'longitude', 'address'];

/** The columns of pg_orders besides its key and `synced_at`. */
export const orderColumns = namesOfOrder.join(', ');
export const placeColumns = namesOfPlace.join(', ');

const setTo = (names: string[]) => names.map((name) => `${name} = excluded.${name}`).join(', ');
/** A comparable form of a row: json has no equality. */
const contentOf = (row: string, names: string[]) =>
  `(${names.map((name) => (name === 'lines' || name === 'events' ? `${row}.${name}::text` : `${row}.${name}`)).join(', ')})`;

/** For an upsert into pg_orders as `synced`: what is set, and whether the incoming row has another content. */
export const setOrder = setTo([...namesOfOrder, 'synced_at']);
export const isOtherOrder = `${contentOf('synced', namesOfOrder)} is distinct from ${contentOf('excluded', namesOfOrder)}`;
export const setPlace = setTo(namesOfPlace);
export const isOtherPlace = `${contentOf('held', namesOfPlace)} is distinct from ${contentOf('excluded', namesOfPlace)}`;

/**
 * Data-modifying expressions of a statement that writes the orders, their places and the brands. A row that was built
 * from an older batch than the current one changes nothing, and neither does an equal one.
 */
export const writeOrders = ({
  orders,
  places,
  brands,
  at,
}: Record<keyof typeof orderParams | 'at', unknown>) => sql`
    written_orders as (
      insert into recommender.pg_orders as synced (order_id, ${sql.raw(orderColumns)}, synced_at)
      select order_id, ${sql.raw(orderColumns)}, ${at}::timestamptz
      from json_populate_recordset(null::recommender.pg_orders, ${orders})
      on conflict (order_id) do update
      set ${sql.raw(setOrder)}
      where synced.facts_batch <= excluded.facts_batch and ${sql.raw(isOtherOrder)}
      returning order_id
    ), written_places as (
      insert into recommender.pg_order_places as held (order_id, ${sql.raw(placeColumns)})
      select order_id, ${sql.raw(placeColumns)}
      from json_populate_recordset(null::recommender.pg_order_places, ${places})
      on conflict (order_id) do update
      set ${sql.raw(setPlace)}
      where ${sql.raw(isOtherPlace)}
    ), written_brands as (
      insert into recommender.pg_brands as held (brand_id, name)
      select brand_id, name from json_populate_recordset(null::recommender.pg_brands, ${brands})
      on conflict (brand_id) do update set name = excluded.name where held.name <> excluded.name
    )`;
