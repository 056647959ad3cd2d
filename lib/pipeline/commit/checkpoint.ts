import type { Connection } from '#db/client.ts';
import { LATENESS } from '../parse/event-time.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';

const NAME = 'pipeline';

/** Where the stream stands: the last batch that was committed (0 before the first) and the newest event time. */
export type Position = { batchId: number; newestTs: string | undefined };

const read = `
select batch_id, to_char(max_event_ts at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as newest
from lakeflow.checkpoints
where name = $1`;

export async function readCheckpoint(connection: Connection): Promise<Position> {
  const { rows } = await connection.query<{ batch_id: string; newest: string | null }>(read, [NAME]);
  return { batchId: Number(rows[0]?.batch_id ?? 0), newestTs: rows[0]?.newest ?? undefined };
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
 * @param newestTs the newest event time up to and with the batch; the watermark never moves back.
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
