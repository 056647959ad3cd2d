import type { Clock } from '#lib/clock.ts';
import { getLastBatch } from '#lib/orders/index.ts';
import { columnList, missingColumn, setColumns } from './columns.ts';
import type { Connections } from './connections.ts';
import { type SourceRow, type SyncCounts, toJsonArray } from './drain.ts';
import {
  isOtherOrder,
  isOtherPlace,
  orderColumns,
  placeColumns,
  readOrders,
  setOrder,
  setPlace,
} from './order-rows.ts';
import { forgetPlaces, writeFactsPosition } from './refresh-orders.ts';
import { writeStatus } from './status.ts';

const PAGE = 2_000;

/** What a snapshot did; `deleted` rows no longer had a recommendation in the source. */
export type SnapshotCounts = Omit<SyncCounts, 'refreshed'> & { deleted: number };

/**
 * Makes the synced tables equal to the source at one instant and moves the checkpoint there. An order whose lines are
 * no longer in the lakehouse stays as it was. All of it becomes visible at once. It is for a first copy, after a restore, or where much has changed.
 */
export async function takeSnapshot({ source, target }: Connections, clock: Clock): Promise<SnapshotCounts> {
  await source.query('begin isolation level repeatable read read only');
  await target.query('begin');
  try {
    const { position, read } = await copySource({ source, target });
    const counts = await replaceRows(target, position, clock.now());
    const last = await getLastBatch(source);
    await writeFactsPosition(target, last, clock.now());
    await forgetPlaces({ source, target }, clock.now());
    const status = { mode: 'snapshot', behind: 0, oldestTs: null } as const;
    await writeStatus(target, { ...status, name: 'pg_recommendations', position }, clock.now());
    await writeStatus(target, { ...status, name: 'pg_orders', position: last }, clock.now());
    await target.query('commit');
    await source.query('commit');
    return { read, ...counts };
  } catch (error) {
    await Promise.allSettled([target.query('rollback'), source.query('rollback')]);
    throw error;
  }
}

/** The tables of the console that hold what is known of an order, and their temporary counterparts. */
const orderTables = ['pg_orders', 'pg_order_places', 'pg_brands'] as const;

/** Copies every recommendation of the source and its order, page by page, into temporary tables. */
async function copySource({ source, target }: Connections): Promise<{ position: string; read: number }> {
  await target.query(
    'create temp table incoming on commit drop as table recommender.refund_recommendations with no data',
  );
  for (const table of orderTables)
    await target.query(
      `create temp table incoming_${table} on commit drop as table recommender.${table} with no data`,
    );
  await source.query(`
    declare recommendations no scroll cursor for
    select id, order_id as "orderId", to_json(recommendation)::text as row
    from recommender.refund_recommendations as recommendation
    order by id`);
  let [position, read] = ['0', 0];
  for (;;) {
    const { rows } = await source.query<SourceRow>(`fetch ${PAGE} from recommendations`);
    if (rows.length === 0) return { position, read };
    await target.query(
      `insert into incoming select * from json_populate_recordset(null::recommender.refund_recommendations, $1)`,
      [toJsonArray(rows)],
    );
    const { orders, places, brands } = await readOrders(
      source,
      rows.flatMap(({ orderId }) => orderId ?? []),
    );
    for (const [index, content] of [orders, places, brands].entries())
      await target.query(
        `insert into incoming_${orderTables[index]}
         select * from json_populate_recordset(null::recommender.${orderTables[index]}, $1)`,
        [content],
      );
    read += rows.length;
    position = rows.at(-1)?.id ?? position;
  }
}

// Not a declared statement, like the cursor above: it reads the temporary table, so it cannot be prepared on its own.
const replace = `
-- one row: what differed
with given as materialized (
  select incoming.*, ${missingColumn} as missing from incoming
), newest as materialized (
  select distinct on (order_id) *
  from given
  where missing is null
  order by order_id, ts desc, id desc
), written_orders as (
  insert into recommender.pg_orders as synced (order_id, ${orderColumns}, synced_at)
  select distinct on (order_id) order_id, ${orderColumns}, $1::timestamptz from incoming_pg_orders order by order_id
  on conflict (order_id) do update set ${setOrder} where ${isOtherOrder}
), deleted_orders as (
  delete from recommender.pg_orders as synced
  where not exists (select from newest where newest.order_id = synced.order_id)
), written_places as (
  insert into recommender.pg_order_places as held (order_id, ${placeColumns})
  select distinct on (order_id) order_id, ${placeColumns} from incoming_pg_order_places order by order_id
  on conflict (order_id) do update set ${setPlace} where ${isOtherPlace}
), deleted_places as (
  delete from recommender.pg_order_places as held
  where not exists (select from newest where newest.order_id = held.order_id)
), written_brands as (
  insert into recommender.pg_brands as held (brand_id, name)
  select distinct brand_id, name from incoming_pg_brands
  on conflict (brand_id) do update set name = excluded.name where held.name <> excluded.name
), written as (
  insert into recommender.pg_recommendations as synced (order_id, recommendation_id, ${columnList}, synced_at)
  select order_id, id, ${columnList}, $1
  from newest
  on conflict (order_id) do update
  set ${setColumns}
  where to_jsonb(synced) - 'synced_at' <> to_jsonb(excluded) - 'synced_at'
  returning order_id
), deleted as (
  delete from recommender.pg_recommendations as synced
  where not exists (select from newest where newest.order_id = synced.order_id)
  returning order_id
), quarantined as (
  insert into recommender.sync_quarantine (source_id, missing, raw, quarantined_at)
  select id, missing, to_jsonb(given) - 'missing', $1 from given where missing is not null
  on conflict do nothing
  returning source_id
), moved as (
  insert into recommender.sync_checkpoints (name, position, updated_at)
  values ('pg_recommendations', $2, $1)
  on conflict (name) do update set position = excluded.position, updated_at = excluded.updated_at
)
select
  (select count(*) from written)::integer as written,
  (select count(*) from deleted)::integer as deleted,
  (select count(*) from quarantined)::integer as quarantined`;

type Replaced = Omit<SnapshotCounts, 'read'>;

async function replaceRows(target: Connections['target'], position: string, at: Date): Promise<Replaced> {
  const { rows } = await target.query<Replaced>(replace, [at, position]);
  const [row] = rows;
  if (!row) throw new Error('the statement always returns one row');
  return row;
}
