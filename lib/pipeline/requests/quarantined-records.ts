import { sql } from 'drizzle-orm/sql';
import { type Database, inTransaction } from '#db/client.ts';
import {
  boolean,
  count,
  instant,
  integer,
  integerArray,
  named,
  nullable,
  oneOf,
  type RowOf,
  text,
  timestamp,
} from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { NotFoundError } from '#lib/errors.ts';
import { splitRecords } from '#lib/volume/index.ts';
import { type ParsedEvent, parseEvent } from '../parse/parse-event.ts';
import type { Rejection } from '../tables/bronze/rules.ts';

type Pool = Pick<Database, 'pool'>;

const row = {
  id: count,
  rule: text,
  reason: text,
  file: named('source_file', text),
  line: named('line_no', integer),
  batchId: count,
  quarantinedAt: instant,
  state: oneOf(['open', 'requested', 'replayed', 'already stored', 'dropped']),
};
const detail = {
  ...row,
  raw: text,
  encoding: named('raw_encoding', oneOf(['text', 'base64'])),
  replacement: nullable(text),
  replayBatchId: nullable(count),
};

/** A record in quarantine without its text; times are ISO 8601 in UTC. */
export type QuarantinedRow = RowOf<typeof row>;
/** The same with its source without loss, and its replacement if a person corrected it. */
export type QuarantinedRecordDetail = RowOf<typeof detail>;

const rowColumns = sql`
  id, rule, reason, source_file, line_no, batch_id, quarantined_at,
  case
    when replayed_at is not null then case when replay_added then 'replayed' else 'already stored' end
    when dropped_at is not null then 'dropped'
    when replay_requested_at is not null then 'requested'
    else 'open'
  end as state`;

export type QuarantineFilter = { rule?: string | undefined; all?: boolean | undefined; limit: number };

const selectRows = statement({
  params: { rule: nullable(text), all: boolean, limit: integer },
  returns: row,
  sql: ({ rule, all, limit }) => sql`
    -- grain: one row per record, newest first
    select ${rowColumns}
    from lakeflow.quarantined_records
    where (${rule}::text is null or rule = ${rule}) and (${all} or (replayed_at is null and dropped_at is null))
    order by id desc
    limit ${limit}`,
});

/** Lists records in quarantine, newest first: the open ones, or with `all` those that are done too. */
export function listQuarantined(
  { pool }: Pool,
  { rule, all = false, limit }: QuarantineFilter,
): Promise<QuarantinedRow[]> {
  return selectRows(pool, { rule: rule ?? null, all, limit });
}

const selectDetails = statement({
  params: { ids: integerArray },
  returns: detail,
  sql: ({ ids }) => sql`
    select ${rowColumns}, raw, raw_encoding, replacement, replay_batch_id
    from lakeflow.quarantined_records
    where id = any(${ids}::bigint[])
    order by id`,
});

/** Reads records in quarantine with their text; unknown ids are omitted. */
export function getQuarantined({ pool }: Pool, ids: readonly number[]): Promise<QuarantinedRecordDetail[]> {
  return selectDetails(pool, { ids: [...ids] });
}

/** Which open records: these, those that break a rule, or all. */
export type QuarantineChoice = { ids?: readonly number[]; rule?: string };

const updateDropped = statement({
  params: { ids: nullable(integerArray), rule: nullable(text), now: timestamp },
  returns: { id: count },
  sql: ({ ids, rule, now }) => sql`
    update lakeflow.quarantined_records
    set dropped_at = ${now}
    where replayed_at is null and dropped_at is null and replay_requested_at is null
      and (${ids}::bigint[] is null or id = any(${ids}::bigint[]))
      and (${rule}::text is null or rule = ${rule})
    returning id`,
});

/**
 * Drops records in quarantine: they are kept as they came, and never ingested.
 * @returns their number. @throws NotFoundError if a chosen record is not open; then none is dropped.
 */
export async function dropQuarantined({ pool }: Pool, choice: QuarantineChoice, now: Date): Promise<number> {
  const { ids, rule = null } = choice;
  return inTransaction(pool, async (connection) => {
    const rows = await updateDropped(connection, { ids: ids ? [...ids] : null, rule, now });
    const dropped = new Set(rows.map(({ id }) => id));
    const missing = (ids ?? []).filter((id) => !dropped.has(id));
    if (missing.length > 0) throw new NotFoundError(`No open record in quarantine: ${missing.join(', ')}.`);
    return rows.length;
  });
}

/** The columns from which a record is read again; select them with `sourceColumns`. */
export const quarantinedSource = {
  id: count,
  file: named('source_file', text),
  line: named('line_no', integer),
  raw: text,
  encoding: named('raw_encoding', oneOf(['text', 'base64'])),
  replacement: nullable(text),
};
/** A record in quarantine: `raw` as it came, `replacement` as a person corrected it. */
export type QuarantinedSource = RowOf<typeof quarantinedSource>;

/** The bytes to ingest for a record: its replacement if there is one, otherwise its own. */
export function bytesOf({ raw, encoding, replacement }: QuarantinedSource): Buffer {
  return replacement === null
    ? Buffer.from(raw, encoding === 'text' ? 'utf8' : 'base64')
    : Buffer.from(replacement);
}

/** The events that a record holds by today's rules, or the rule that it still breaks. */
export type Reading =
  | { events: ParsedEvent[]; rejection?: undefined }
  | { events?: undefined; rejection: Rejection };

/** Reads a record again by today's rules. @param horizon the latest event time that is accepted. */
export function readQuarantined(source: QuarantinedSource, horizon: string): Reading {
  const events: ParsedEvent[] = [];
  for (const { bytes } of splitRecords(bytesOf(source))) {
    const { value, rejection } = parseEvent(bytes, horizon);
    if (!value) return { rejection };
    events.push(value);
  }
  return events.length > 0
    ? { events }
    : { rejection: { rule: 'malformed_json', reason: 'there is no record' } };
}
