import { sql } from 'drizzle-orm/sql';
import type { Connection } from '#db/client.ts';
import { bigint, bigintArray, integer, text, textArray, timestamp } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { type ChangedOrder, getLastBatch, getPlacesEdge, listChangedOrders } from '#lib/orders/index.ts';
import type { Connections } from './connections.ts';
import { orderParams, readOrders, writeOrders } from './order-rows.ts';
import { type SyncMode, writeStatus } from './status.ts';

/** Changed orders that are looked at together. */
const PAGE = 5_000;
/** Orders that are built and written in one statement. */
const BATCH = 1_000;

const findPosition = statement({
  returns: { position: bigint },
  sql: () => sql`select position from recommender.sync_checkpoints where name = 'pg_orders'`,
});

const moveCheckpoint = statement({
  params: { to: bigint, at: timestamp },
  returns: {},
  sql: ({ to, at }) => sql`
    insert into recommender.sync_checkpoints (name, position, updated_at)
    values ('pg_orders', ${to}, ${at})
    on conflict (name) do update set position = excluded.position, updated_at = excluded.updated_at`,
});

/** Stores up to which batch of the pipeline the facts of the synced orders are. */
export async function writeFactsPosition(target: Connection, to: string, at: Date): Promise<void> {
  await moveCheckpoint(target, { to, at });
}

const selectOutdated = statement({
  params: { orderIds: textArray, batches: bigintArray },
  returns: { orderId: text },
  sql: ({ orderIds, batches }) => sql`
    -- one row per order that is synced as of an older batch
    select changed.order_id
    from unnest(${orderIds}::text[], ${batches}::bigint[]) as changed (order_id, batch)
    join recommender.pg_recommendations using (order_id)
    left join recommender.pg_orders as synced using (order_id)
    where synced.order_id is null or synced.facts_batch < changed.batch`,
});

const writeChanged = statement({
  params: { at: timestamp, ...orderParams },
  returns: { written: integer },
  sql: ({ at, ...orders }) => sql`
    -- one row: how many orders were written
    with ${writeOrders({ ...orders, at })}
    select count(*)::integer as written from written_orders`,
});

type RefreshOptions = { mode: SyncMode; now(): Date; signal: AbortSignal };

/**
 * Carries the facts of synced orders that have changed since: a late delivery, a mended line. An order that is already
 * as of its last batch, such as one that was just copied with its recommendation, is not built again. The checkpoint
 * moves at the end; writing again what was written before changes nothing.
 * @returns how many orders were written.
 */
export async function refreshOrders(connections: Connections, options: RefreshOptions): Promise<number> {
  const { source, target } = connections;
  const { mode, now, signal } = options;
  const [row] = await findPosition(target, {});
  const position = row?.position ?? '0';
  const last = await getLastBatch(source);
  const isNew = BigInt(last) > BigInt(position);
  const refreshed = isNew ? await carryChanges(connections, { ...options, position, last }) : 0;
  if (signal.aborted) return refreshed;
  if (isNew) await writeFactsPosition(target, last, now());
  await forgetPlaces(connections, now());
  await writeStatus(target, { name: 'pg_orders', mode, position: last, behind: 0, oldestTs: null }, now());
  return refreshed;
}

const deletePlaces = statement({
  params: { edge: timestamp, at: timestamp },
  returns: {},
  sql: ({ edge, at }) => sql`
    -- once for each edge, which is kept as seconds
    with moved as (
      insert into recommender.sync_checkpoints as held (name, position, updated_at)
      values ('pg_order_places', extract(epoch from ${edge}::timestamptz)::bigint, ${at})
      on conflict (name) do update set position = excluded.position, updated_at = excluded.updated_at
      where held.position <> excluded.position
      returning 1
    )
    delete from recommender.pg_order_places where exists (select from moved) and created_ts < ${edge}`,
});

/** Deletes where orders went, as far as the lakehouse has. */
export async function forgetPlaces({ source, target }: Connections, at: Date): Promise<void> {
  const edge = await getPlacesEdge(source);
  if (edge) await deletePlaces(target, { edge, at });
}

/** Walks through the orders that the batches after `position` up to `last` have changed. */
async function carryChanges(
  connections: Connections,
  options: RefreshOptions & { position: string; last: string },
): Promise<number> {
  const { position, last, signal } = options;
  let after: ChangedOrder | undefined = { batch: String(BigInt(position) + 1n), orderId: '' };
  let refreshed = 0;
  while (after && !signal.aborted) {
    const changed = await listChangedOrders(connections.source, { after, last, limit: PAGE });
    refreshed += await writeOutdated(connections, changed, options);
    after = changed.length < PAGE ? undefined : changed.at(-1);
  }
  return refreshed;
}

/** Of these orders, builds and writes those that are synced as of an older batch. */
async function writeOutdated(
  { source, target }: Connections,
  changed: ChangedOrder[],
  { mode, position, now, signal }: RefreshOptions & { position: string },
): Promise<number> {
  const outdated = await selectOutdated(target, {
    orderIds: changed.map(({ orderId }) => orderId),
    batches: changed.map(({ batch }) => batch),
  });
  const orderIds = outdated.map(({ orderId }) => orderId);
  let written = 0;
  for (let done = 0; done < orderIds.length && !signal.aborted; done += BATCH) {
    const behind = orderIds.length - done;
    await writeStatus(target, { name: 'pg_orders', mode, position, behind, oldestTs: 'last_check' }, now());
    const orders = await readOrders(source, orderIds.slice(done, done + BATCH));
    const [outcome] = await writeChanged(target, { ...orders, at: now() });
    written += outcome?.written ?? 0;
  }
  return written;
}
