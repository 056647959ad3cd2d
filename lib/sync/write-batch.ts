import type { Connection } from '#db/client.ts';
import { columnList, missingColumn, setColumns } from './columns.ts';
import type { SourceBatch } from './read-source.ts';

/** `written` became or replaced the row of their order; `quarantined` lack what every row there has. */
export type WriteCounts = { written: number; quarantined: number };

/**
 * `moved` is false where somebody else has moved the checkpoint meanwhile; it is left where they put it, and what was
 * written is right all the same.
 */
export type WriteOutcome = WriteCounts & { moved: boolean };

/** How far the synced table has come: the id of the last recommendation that was brought over. */
export async function readPosition(target: Pick<Connection, 'query'>): Promise<string> {
  const { rows } = await target.query<{ position: string }>(
    `select position from recommender.sync_checkpoints where name = 'pg_recommendations'`,
  );
  return rows[0]?.position ?? '0';
}

/**
 * One statement, hence one transaction: keeps the newest of each order, writes what is newer than what stands there,
 * sets aside what has no key, and moves the checkpoint if nobody else has.
 */
const statement = `
-- one row: what was written, set aside and moved
with given as materialized (
  select recommendation.*, ${missingColumn} as missing
  from json_populate_recordset(null::recommender.refund_recommendations, $1) as recommendation
), newest as (
  select distinct on (order_id) *
  from given
  where missing is null
  order by order_id, ts desc, id desc
), written as (
  insert into recommender.pg_recommendations as standing (order_id, recommendation_id, ${columnList}, synced_at)
  select order_id, id, ${columnList}, $2
  from newest
  on conflict (order_id) do update
  set ${setColumns}
  where (standing.ts, standing.recommendation_id) < (excluded.ts, excluded.recommendation_id)
  returning order_id
), quarantined as (
  insert into recommender.sync_quarantine (source_id, missing, raw, quarantined_at)
  select id, missing, to_jsonb(given) - 'missing', $2
  from given
  where missing is not null
  on conflict do nothing
  returning source_id
), moved as (
  insert into recommender.sync_checkpoints as held (name, position, updated_at)
  values ('pg_recommendations', $4, $2)
  on conflict (name) do update
  set position = excluded.position, updated_at = excluded.updated_at
  where held.position = $3
  returning position
)
select
  (select count(*) from written)::integer as written,
  (select count(*) from quarantined)::integer as quarantined,
  exists (select from moved) as moved`;

/** Writes a batch that was read past `from`. Doing it again writes nothing, so a crash needs no repair. */
export async function writeBatch(
  target: Pick<Connection, 'query'>,
  batch: SourceBatch,
  { from, at }: { from: string; at: Date },
): Promise<WriteOutcome> {
  const { rows } = await target.query<WriteOutcome>(statement, [batch.rows, at, from, batch.last]);
  const [row] = rows;
  if (!row) throw new Error('the statement always returns one row');
  return row;
}
