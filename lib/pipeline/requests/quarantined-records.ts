import { type SQL, sql } from 'drizzle-orm/sql';
import { type Database, inTransaction } from '#db/client.ts';
import {
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
import { dynamicStatement, statement } from '#db/statement.ts';
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
  location: nullable(text),
  batchId: count,
  quarantinedAt: instant,
  state: oneOf(['open', 'requested', 'replayed', 'already stored', 'dropped']),
};
const detail = {
  ...row,
  raw: text,
  encoding: named('raw_encoding', oneOf(['text', 'base64'])),
  replacement: nullable(text),
  requestedBy: nullable(text),
  replayBatchId: nullable(count),
};

/** A record in quarantine without its text; times are ISO 8601 in UTC. */
export type QuarantinedRow = RowOf<typeof row>;
/** The same with its source without loss, and its replacement if a person corrected it. */
export type QuarantinedRecordDetail = RowOf<typeof detail>;

const rowColumns = sql`
  id, rule, reason, source_file, line_no, location, batch_id, quarantined_at,
  case
    when replayed_at is not null then case when replay_added then 'replayed' else 'already stored' end
    when dropped_at is not null then 'dropped'
    when replay_requested_at is not null then 'requested'
    else 'open'
  end as state`;

/** Which records to list; `from` and `to` bound the time of quarantine, `before` is the id of the last row of a page. */
export type QuarantineFilter = {
  rule?: string | undefined;
  file?: string | undefined;
  location?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  /** Also those that were replayed or dropped. */
  all?: boolean | undefined;
  before?: number | undefined;
  limit: number;
};

const selectRows = dynamicStatement({
  returns: row,
  sql: ({ before, limit, ...filter }: QuarantineFilter) => sql`
    -- grain: one row per record, newest first
    select ${rowColumns}
    from lakeflow.quarantined_records
    where ${conditionsOf(filter)} ${before === undefined ? sql`` : sql`and id < ${before}`}
    order by id desc
    limit ${limit}`,
  samples: [
    { limit: 1 },
    { ...{ rule: 'bad_price', file: 'a.json', location: 'sf', all: true, before: 9, limit: 1 } },
    { ...{ from: new Date(0), to: new Date(1), limit: 1 } },
  ],
});

function conditionsOf({ rule, file, location, from, to, all }: Omit<QuarantineFilter, 'limit'>): SQL {
  const conditions = [
    all ? undefined : sql`replayed_at is null and dropped_at is null`,
    rule === undefined ? undefined : sql`rule = ${rule}`,
    file === undefined ? undefined : sql`source_file = ${file}`,
    location === undefined ? undefined : sql`location = ${location}`,
    from && sql`quarantined_at >= ${from}`,
    to && sql`quarantined_at < ${to}`,
  ].filter((condition) => condition !== undefined);
  return conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`true`;
}

/** Lists records in quarantine, newest first: the open ones, or with `all` those that are done too. */
export function listQuarantined({ pool }: Pool, filter: QuarantineFilter): Promise<QuarantinedRow[]> {
  return selectRows(pool, filter);
}

const ruleCount = { rule: text, records: count };
/** How many records of a filter break a rule. */
export type RuleCount = RowOf<typeof ruleCount>;

type SharedFilter = Omit<QuarantineFilter, 'limit' | 'rule' | 'before'>;

const selectRuleCounts = dynamicStatement({
  returns: ruleCount,
  sql: (filter: SharedFilter) => sql`
    -- grain: one row per rule, the most frequent first
    select rule, count(*) as records
    from lakeflow.quarantined_records
    where ${conditionsOf(filter)}
    group by rule
    order by records desc, rule`,
  samples: [
    {} as SharedFilter,
    { all: true, file: 'a.json', location: 'sf', from: new Date(0), to: new Date(1) },
  ],
});

/** Counts the records of a filter by the rule that they break. */
export function countByRule({ pool }: Pool, filter: SharedFilter): Promise<RuleCount[]> {
  return selectRuleCounts(pool, filter);
}

const selectDetails = statement({
  params: { ids: integerArray },
  returns: detail,
  sql: ({ ids }) => sql`
    select ${rowColumns}, raw, raw_encoding, replacement, requested_by, replay_batch_id
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
  params: { ids: nullable(integerArray), rule: nullable(text), now: timestamp, by: nullable(text) },
  returns: { id: count },
  sql: ({ ids, rule, now, by }) => sql`
    update lakeflow.quarantined_records
    set dropped_at = ${now}, requested_by = ${by}
    where replayed_at is null and dropped_at is null and replay_requested_at is null
      and (${ids}::bigint[] is null or id = any(${ids}::bigint[]))
      and (${rule}::text is null or rule = ${rule})
    returning id`,
});

/**
 * Drops records in quarantine: they are kept as they came, and never ingested. The database audits it, and refuses a
 * person `by` who is neither engineer nor admin; null is an operator at the command line.
 * @returns their number. @throws NotFoundError if a chosen record is not open; then none is dropped.
 */
export async function dropQuarantined(
  { pool }: Pool,
  choice: QuarantineChoice,
  now: Date,
  by: string | null = null,
): Promise<number> {
  const { ids, rule = null } = choice;
  return inTransaction(pool, async (connection) => {
    const rows = await updateDropped(connection, { ids: ids ? [...ids] : null, rule, now, by });
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
