import type { Connection } from '#db/client.ts';
import type { BatchContext } from './dataset.ts';
import { LATENESS } from './watermark.ts';

const NAME = 'pipeline';

/** The number of the last batch that was committed; 0 before the first. */
export async function readCheckpoint(connection: Connection): Promise<number> {
  const { rows } = await connection.query<{ batch_id: string }>(
    'select batch_id from lakeflow.checkpoints where name = $1',
    [NAME],
  );
  return Number(rows[0]?.batch_id ?? 0);
}

const move = `
insert into lakeflow.checkpoints as checkpoint (name, batch_id, max_event_ts, watermark, updated_at)
select $1, $2::bigint, $4::timestamptz, $4::timestamptz - interval '${LATENESS}', $5
where $3::bigint = 0 or exists (select from lakeflow.checkpoints where name = $1)
on conflict (name) do update set
  batch_id = excluded.batch_id,
  max_event_ts = greatest(checkpoint.max_event_ts, excluded.max_event_ts),
  watermark = greatest(checkpoint.watermark, excluded.watermark),
  updated_at = excluded.updated_at
where checkpoint.batch_id = $3`;

/**
 * Moves the checkpoint to this batch, within its transaction, if the one before is still the last.
 * @param newestTs the newest plausible event time of the batch; the watermark never moves back.
 * @returns false where another writer has moved it: the batch must not be committed.
 */
export async function moveCheckpoint(
  connection: Connection,
  { batchId, takenAt }: BatchContext,
  newestTs: string | undefined,
): Promise<boolean> {
  const { rowCount } = await connection.query(move, [NAME, batchId, batchId - 1, newestTs, takenAt]);
  return rowCount === 1;
}
