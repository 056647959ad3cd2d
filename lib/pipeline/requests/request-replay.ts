import { sql } from 'drizzle-orm/sql';
import { type Connection, type Database, inTransaction } from '#db/client.ts';
import { integer, integerArray, nullable, selectList, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { NotFoundError, UsageError } from '#lib/errors.ts';
import { horizonAt } from '../parse/event-time.ts';
import type { Rejection } from '../tables/bronze/rules.ts';
import {
  type QuarantineChoice,
  type QuarantinedSource,
  quarantinedSource,
  readQuarantined,
} from './quarantined-records.ts';

/** `requested` are ingested with the next batch; `rejected` stay in quarantine, for the reason given. */
export type ReplayRequest = { requested: number[]; rejected: (Rejection & { id: number })[] };

export type ReplayOptions = {
  now: Date;
  replacement?: string | undefined;
  by?: string | null;
  preview?: boolean;
};

const PAGE_SIZE = 500;

const lockOpenRecords = statement({
  params: { after: integer, ids: nullable(integerArray), rule: nullable(text) },
  returns: quarantinedSource,
  sql: ({ after, ids, rule }) => sql`
    select ${selectList(quarantinedSource)}
    from lakeflow.quarantined_records
    where replayed_at is null and dropped_at is null and replay_requested_at is null
      and id > ${after}
      and (${ids}::bigint[] is null or id = any(${ids}::bigint[]))
      and (${rule}::text is null or rule = ${rule})
    order by id
    limit ${sql.raw(`${PAGE_SIZE}`)}
    for update`,
});

const markRequested = `
update lakeflow.quarantined_records as record
set replay_requested_at = $3, replacement = requested.replacement, requested_by = $4
from unnest($1::bigint[], $2::text[]) as requested (id, replacement)
where record.id = requested.id`;

/**
 * Requests that the pipeline ingests records that today's rules accept, as they came or with `replacement`, which is for
 * exactly one record. The database audits it, and refuses a person `by` who is neither engineer nor admin; without it, an
 * operator asks at the command line. With `preview` nothing is requested: the result says what would be.
 * @throws NotFoundError if a chosen record is not open; then none is requested. @throws UsageError
 */
export async function requestReplay(
  { pool }: Pick<Database, 'pool'>,
  { ids, rule }: QuarantineChoice,
  { replacement, ...options }: ReplayOptions,
): Promise<ReplayRequest> {
  if (replacement !== undefined && ids?.length !== 1)
    throw new UsageError('A corrected record replaces exactly one: give its number.');
  const result: ReplayRequest = { requested: [], rejected: [] };
  return inTransaction(pool, async (connection) => {
    for (let after = 0, found = PAGE_SIZE; found === PAGE_SIZE; ) {
      const page = await lockOpenRecords(connection, {
        ...{ after, ids: ids ? [...ids] : null, rule: rule ?? null },
      });
      const records = page.map((record) => ({ ...record, replacement: replacement ?? record.replacement }));
      await requestPage(connection, records, options, result);
      found = page.length;
      after = page.at(-1)?.id ?? after;
    }
    requireAll(ids, result);
    return result;
  });
}

async function requestPage(
  connection: Connection,
  records: readonly QuarantinedSource[],
  { now, by = null, preview = false }: Omit<ReplayOptions, 'replacement'>,
  result: ReplayRequest,
): Promise<void> {
  const horizon = horizonAt(now);
  const readings = records.map((record) => ({ record, ...readQuarantined(record, horizon) }));
  const accepted = readings.filter(({ rejection }) => !rejection).map(({ record }) => record);
  const ids = accepted.map(({ id }) => id);
  const replacements = accepted.map(({ replacement }) => replacement);
  if (!preview) await connection.query(markRequested, [ids, replacements, now, by]);
  result.requested.push(...ids);
  for (const { record, rejection } of readings)
    if (rejection) result.rejected.push({ id: record.id, ...rejection });
}

function requireAll(ids: readonly number[] | undefined, { requested, rejected }: ReplayRequest): void {
  const found = new Set([...requested, ...rejected.map(({ id }) => id)]);
  const missing = (ids ?? []).filter((id) => !found.has(id));
  if (missing.length > 0)
    throw new NotFoundError(
      `No open record in quarantine: ${missing.join(', ')}. They never were, or are replayed, dropped or requested already.`,
    );
}
