import { sql } from 'drizzle-orm/sql';
import type { Connection, Database } from '#db/client.ts';
import { bigint, integer, oneOf, type RowOf, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';

/** `policy` is the stream's; `backfill` reads the history of which the stream scores a sample. */
const streamNames = ['policy', 'backfill'] as const;
export type StreamName = (typeof streamNames)[number];
export const streamName = oneOf(streamNames);

/**
 * `facts` is how far orders whose facts changed were looked at, in the order of (facts_batch, order_id); `quarantine`
 * how far records in quarantine were, whose ids take the place of the batch.
 */
const checkpointNames = [...streamNames, 'facts', 'quarantine'] as const;
export type CheckpointName = (typeof checkpointNames)[number];
const checkpointName = oneOf(checkpointNames);

const position = { batchId: bigint, orderId: text };
/** The last delivery that was scored, in the order of (batchId, orderId); a delivery whose facts change moves ahead. */
export type Position = RowOf<typeof position>;

const START: Position = { batchId: '0', orderId: '' };

const findPosition = statement({
  params: { name: checkpointName },
  returns: position,
  sql: ({ name }) => sql`select batch_id, order_id from recommender.checkpoints where name = ${name}`,
});

/** How far the deliveries have been scored under this name; the start where it has never run. */
export async function readCheckpoint(connection: Connection, name: CheckpointName): Promise<Position> {
  const [row] = await findPosition(connection, { name });
  return row ?? START;
}

/**
 * Moves a checkpoint by compare-and-set, in the transaction that writes the recommendations.
 * @throws Error where it is no longer at `from`, which the lock of all writers rules out.
 */
export async function moveCheckpoint(
  connection: Connection,
  name: CheckpointName,
  { from, to, at }: { from: Position; to: Position; at: Date },
): Promise<void> {
  const { rowCount } = await connection.query(
    `
    insert into recommender.checkpoints as held (name, batch_id, order_id, updated_at)
    values ($1, $4, $5, $6)
    on conflict (name) do update
    set batch_id = excluded.batch_id, order_id = excluded.order_id, updated_at = excluded.updated_at
    where held.batch_id = $2 and held.order_id = $3`,
    [name, from.batchId, from.orderId, to.batchId, to.orderId, at],
  );
  if (rowCount !== 1) throw new Error('the checkpoint of the recommender was moved without its lock');
}

const countDeliveries = statement({
  params: { name: streamName },
  returns: { remaining: integer },
  sql: ({ name }) => sql`
    -- one row: the deliveries past the checkpoint; the backfill goes as far as the stream has come
    with held as (
      select coalesce(max(batch_id), 0) as batch_id, coalesce(max(order_id), '') as order_id
      from recommender.checkpoints
      where name = ${name}
    ), stream as (
      select batch_id, order_id from recommender.checkpoints where name = 'policy'
    )
    select count(*)::integer as remaining
    from lakeflow.silver_deliveries as delivery
    cross join held
    left join stream on true
    where (delivery.batch_id, delivery.order_id) > (held.batch_id, held.order_id)
      and (${name} = 'policy' or (delivery.batch_id, delivery.order_id) <= (stream.batch_id, stream.order_id))`,
});

/** How many deliveries are still to be read under this name. */
export async function countRemaining(db: Database, name: StreamName): Promise<number> {
  const [row] = await countDeliveries(db.pool, { name });
  return row?.remaining ?? 0;
}

/** What was delivered in the last day before the first start is not history: those customers still wait for an answer. */
const NEW_HOURS = 24;

/**
 * Fixes what counts as history when the recommender starts for the first time, and never again: what was delivered
 * more than a day before the newest delivery then, or before `now` where there was none.
 */
export async function fixHistory(connection: Connection, now: Date): Promise<void> {
  await connection.query(
    `
    -- at most one row, once
    insert into recommender.stream (history_until, started_at)
    select
      coalesce((select max(delivered_ts) from lakeflow.silver_deliveries), $1) - $2 * interval '1 hour',
      $1
    where not exists (select from recommender.stream)
    on conflict do nothing`,
    [now, NEW_HOURS],
  );
}
