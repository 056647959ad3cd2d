import { sql } from 'drizzle-orm/sql';
import type { Connection } from '#db/client.ts';
import { count, nullable, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { LATENESS } from '../parse/event-time.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';

const NAME = 'pipeline';

/** Where the stream is: the last committed batch (0 before the first) and the newest event time. */
export type Position = { batchId: number; maxEventTs: string | undefined };

const selectCheckpoint = statement({
  returns: { batchId: count, maxEventTs: nullable(text) },
  sql: () => sql`
    select
      batch_id,
      to_char(max_event_ts at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as max_event_ts
    from lakeflow.checkpoints
    where name = '${sql.raw(NAME)}'`,
});

export async function readCheckpoint(connection: Connection): Promise<Position> {
  const [row] = await selectCheckpoint(connection, {});
  return { batchId: row?.batchId ?? 0, maxEventTs: row?.maxEventTs ?? undefined };
}

const move = `
insert into lakeflow.checkpoints as checkpoint (name, batch_id, max_event_ts, watermark, updated_at)
select '${NAME}', $1::bigint, $3::timestamptz, $3::timestamptz - interval '${LATENESS}', $4
where $2::bigint = 0 or exists (select from lakeflow.checkpoints where name = '${NAME}')
on conflict (name) do update set
  batch_id = excluded.batch_id,
  max_event_ts = greatest(checkpoint.max_event_ts, excluded.max_event_ts),
  watermark = greatest(checkpoint.watermark, excluded.watermark),
  updated_at = excluded.updated_at
where checkpoint.batch_id = $2`;

/**
 * Moves the checkpoint to this batch, within its transaction, if the previous batch is still the last one.
 * @param maxEventTs the newest event time up to and including the batch; the watermark never moves back.
 * @returns false if another writer has moved the checkpoint: the batch must not be committed.
 */
export async function moveCheckpoint(
  connection: Connection,
  { batchId, ingestedAt }: BatchContext,
  maxEventTs: string | undefined,
): Promise<boolean> {
  const { rowCount } = await connection.query(move, [batchId, batchId - 1, maxEventTs, ingestedAt]);
  return rowCount === 1;
}
