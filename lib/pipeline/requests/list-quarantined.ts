import type { Database } from '#db/client.ts';

/** A record in quarantine without its text; times are ISO 8601 in UTC. */
export type QuarantinedRow = {
  id: number;
  rule: string;
  reason: string;
  file: string;
  line: number;
  batchId: number;
  quarantinedAt: string;
  state: 'open' | 'asked for' | 'taken' | 'was there already' | 'given up';
};

/** What `show` adds: the source without loss, and as a person mended it. */
export type QuarantinedRecordDetail = QuarantinedRow & {
  raw: string;
  encoding: 'text' | 'base64';
  replacement: string | null;
  replayBatchId: number | null;
};

export type QuarantineFilter = { rule?: string | undefined; all?: boolean | undefined; limit: number };

const columns = `
  id::integer as id, rule, reason, source_file as file, line_no as line, batch_id::integer as "batchId",
  to_char(quarantined_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "quarantinedAt",
  case
    when replayed_at is not null then case when replay_added then 'taken' else 'was there already' end
    when dropped_at is not null then 'given up'
    when replay_requested_at is not null then 'asked for'
    else 'open'
  end as state`;

const list = `
-- grain: one row per record, newest first
select ${columns}
from lakeflow.quarantined_records
where ($1::text is null or rule = $1) and ($2 or (replayed_at is null and dropped_at is null))
order by id desc
limit $3`;

/** Lists records in quarantine, newest first: the open ones, or with `all` also what became of the others. */
export async function listQuarantined(
  { pool }: Pick<Database, 'pool'>,
  { rule, all = false, limit }: QuarantineFilter,
): Promise<QuarantinedRow[]> {
  return (await pool.query<QuarantinedRow>(list, [rule ?? null, all, limit])).rows;
}

const show = `
select ${columns}, raw, raw_encoding as encoding, replacement, replay_batch_id::integer as "replayBatchId"
from lakeflow.quarantined_records
where id = any($1)
order by id`;

/** Reads records in quarantine with their text; an id that there is none of is left out. */
export async function getQuarantined(
  { pool }: Pick<Database, 'pool'>,
  ids: readonly number[],
): Promise<QuarantinedRecordDetail[]> {
  return (await pool.query<QuarantinedRecordDetail>(show, [ids])).rows;
}
