import type { Connection } from '#db/client.ts';

/** The last delivery that is scored, in the order of (batchId, orderId): both are fixed when a delivery appears. */
export type Position = { batchId: string; orderId: string };

/** `policy` is the stream's; `backfill` walks over the history that the stream sampled. */
export type CheckpointName = 'policy' | 'backfill';

const START: Position = { batchId: '0', orderId: '' };

type Row = { batch_id: string; order_id: string };

/** How far a walk over the deliveries has come; the start where it never ran. */
export async function readCheckpoint(
  connection: Pick<Connection, 'query'>,
  name: CheckpointName,
): Promise<Position> {
  const { rows } = await connection.query<Row>(
    'select batch_id, order_id from recommender.checkpoints where name = $1',
    [name],
  );
  const [row] = rows;
  return row ? { batchId: row.batch_id, orderId: row.order_id } : START;
}

/**
 * Moves a checkpoint by compare-and-set, in the transaction that writes the recommendations.
 * @returns false where it no longer stands at `from`: someone else moved it, and this work must be rolled back.
 */
export async function moveCheckpoint(
  connection: Connection,
  name: CheckpointName,
  { from, to, at }: { from: Position; to: Position; at: Date },
): Promise<boolean> {
  const { rowCount } = await connection.query(
    `
    insert into recommender.checkpoints as held (name, batch_id, order_id, updated_at)
    values ($1, $4, $5, $6)
    on conflict (name) do update
    set batch_id = excluded.batch_id, order_id = excluded.order_id, updated_at = excluded.updated_at
    where held.batch_id = $2 and held.order_id = $3`,
    [name, from.batchId, from.orderId, to.batchId, to.orderId, at],
  );
  return rowCount === 1;
}
