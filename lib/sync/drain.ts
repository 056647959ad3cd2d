import { sql } from 'drizzle-orm/sql';
import type { Connection } from '#db/client.ts';
import { bigint, boolean, integer, named, nullable, type RowOf, text, timestamp } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { Clock } from '#lib/clock.ts';
import { columnList, missingColumn, setColumns } from './columns.ts';
import type { Connections } from './connections.ts';
import { orderParams, readOrders, writeOrders } from './order-rows.ts';
import { refreshOrders } from './refresh-orders.ts';
import { type SyncMode, writeStatus } from './status.ts';

/** Recommendations per transaction. */
const BATCH = 2_000;

export type DrainOptions = { clock: Clock; signal: AbortSignal; mode: SyncMode; batchSize?: number };

/**
 * `read` recommendations were past the checkpoint; `written` rows of the synced table are new or replaced an older
 * one; `quarantined` recommendations lack a column that every synced row has; the facts of `refreshed` synced orders had
 * changed.
 */
export type SyncCounts = BatchCounts & { refreshed: number };
type BatchCounts = { read: number; written: number; quarantined: number };

/**
 * Copies all recommendations past the checkpoint with their orders, batch by batch, then what has changed in orders that
 * were copied before, and stores the status of both.
 */
export async function drain({ source, target }: Connections, options: DrainOptions): Promise<SyncCounts> {
  const { clock, signal, mode, batchSize = BATCH } = options;
  const counts: SyncCounts = { read: 0, written: 0, quarantined: 0, refreshed: 0 };
  const name = 'pg_recommendations';
  let position = await readPosition(target);
  const backlog = await readBacklog(source, position);
  await writeStatus(target, { name, mode, position, ...backlog }, clock.now());
  while (!signal.aborted) {
    const batch = await copyBatch({ source, target }, { position, limit: batchSize, at: clock.now() });
    if (!batch) break;
    counts.read += batch.read;
    counts.written += batch.written;
    counts.quarantined += batch.quarantined;
    position = batch.position;
  }
  if (counts.read > 0)
    await writeStatus(
      target,
      { name, mode, position, ...(await readBacklog(source, position)) },
      clock.now(),
    );
  if (!signal.aborted)
    counts.refreshed = await refreshOrders({ source, target }, { mode, signal, now: () => clock.now() });
  return counts;
}

const sourceColumns = { id: bigint, orderId: nullable(text), row: text };
/** A recommendation of the source: its id and its order, and the whole row as JSON text. */
export type SourceRow = RowOf<typeof sourceColumns>;

/** Ids are committed in their order, so that no recommendation appears later before the last one read. */
const readSource = statement({
  params: { position: bigint, limit: integer },
  returns: sourceColumns,
  sql: ({ position, limit }) => sql`
    -- one row per recommendation past the position
    select id, order_id, to_json(recommendation)::text as row
    from recommender.refund_recommendations as recommendation
    where id > ${position}
    order by id
    limit ${limit}`,
});

/** Rows of JSON text as one array, without parsing them. */
export function toJsonArray(rows: Pick<SourceRow, 'row'>[]): string {
  return `[${rows.map(({ row }) => row).join(',')}]`;
}

const findBacklog = statement({
  params: { position: bigint },
  returns: { behind: integer, oldestTs: named('oldest_ts', nullable(timestamp)) },
  sql: ({ position }) => sql`
    -- one row: how many recommendations are past the position, and when the oldest was scored
    select count(*)::integer as behind, min(ts) as oldest_ts
    from recommender.refund_recommendations
    where id > ${position}`,
});

async function readBacklog(
  source: Connection,
  position: string,
): Promise<{ behind: number; oldestTs: Date | null }> {
  const [row] = await findBacklog(source, { position });
  return row ?? { behind: 0, oldestTs: null };
}

const findPosition = statement({
  returns: { position: bigint },
  sql: () => sql`select position from recommender.sync_checkpoints where name = 'pg_recommendations'`,
});

/** The id of the last recommendation that was copied. */
export async function readPosition(target: Connection): Promise<string> {
  const [row] = await findPosition(target, {});
  return row?.position ?? '0';
}

/**
 * One statement, hence one transaction: of each order the newest recommendation of the batch is written where it is
 * newer than the current row, an incomplete one is quarantined, and the checkpoint moves from `from` to `to` unless
 * another process moved it. Then `moved` is false; what was written is right nevertheless. The orders of the batch are
 * written with it. Writing a batch again changes nothing, so a crash needs no repair.
 */
const writeBatch = statement({
  params: { rows: text, from: bigint, to: bigint, at: timestamp, ...orderParams },
  returns: { written: integer, quarantined: integer, moved: boolean },
  sql: ({ rows, from, to, at, ...orders }) => sql`
    -- one row: what was written, quarantined and moved
    with ${writeOrders({ ...orders, at })}, given as materialized (
      select recommendation.*, ${sql.raw(missingColumn)} as missing
      from json_populate_recordset(null::recommender.refund_recommendations, ${rows}) as recommendation
    ), newest as (
      select distinct on (order_id) *
      from given
      where missing is null
      order by order_id, ts desc, id desc
    ), written as (
      insert into recommender.pg_recommendations as synced (order_id, recommendation_id, ${sql.raw(columnList)}, synced_at)
      select order_id, id, ${sql.raw(columnList)}, ${at}::timestamptz
      from newest
      on conflict (order_id) do update
      set ${sql.raw(setColumns)}
      where (synced.ts, synced.recommendation_id) < (excluded.ts, excluded.recommendation_id)
      returning order_id
    ), quarantined as (
      insert into recommender.sync_quarantine (source_id, missing, raw, quarantined_at)
      select id, missing, to_jsonb(given) - 'missing', ${at}::timestamptz
      from given
      where missing is not null
      on conflict do nothing
      returning source_id
    ), moved as (
      insert into recommender.sync_checkpoints as held (name, position, updated_at)
      values ('pg_recommendations', ${to}, ${at})
      on conflict (name) do update
      set position = excluded.position, updated_at = excluded.updated_at
      where held.position = ${from}
      returning position
    )
    select
      (select count(*) from written)::integer as written,
      (select count(*) from quarantined)::integer as quarantined,
      exists (select from moved) as moved`,
});

/**
 * Copies the recommendations past a position, at most `limit`. @returns undefined where there are none, else the
 * counts and the position of the checkpoint afterwards.
 */
export async function copyBatch(
  { source, target }: Connections,
  { position: from, limit, at }: { position: string; limit: number; at: Date },
): Promise<(BatchCounts & { position: string }) | undefined> {
  const batch = await readSource(source, { position: from, limit });
  const to = batch.at(-1)?.id;
  if (to === undefined) return undefined;
  const orders = await readOrders(
    source,
    batch.flatMap(({ orderId }) => orderId ?? []),
  );
  const [outcome] = await writeBatch(target, { rows: toJsonArray(batch), from, to, at, ...orders });
  if (!outcome) throw new Error('the statement always returns one row');
  const { moved, ...counts } = outcome;
  return { read: batch.length, ...counts, position: moved ? to : await readPosition(target) };
}
