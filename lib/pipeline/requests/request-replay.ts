import { type Connection, type Database, inTransaction } from '#db/client.ts';
import { NotFoundError, UsageError } from '#lib/errors.ts';
import { horizonAt } from '../parse/event-time.ts';
import type { Rejection } from '../tables/bronze/rules.ts';
import { type QuarantinedSource, readQuarantined, sourceColumns } from './quarantined-record.ts';

/** Which open records: these, those of a rule, or all. */
export type Choice = { ids?: readonly number[]; rule?: string };

/** `asked` will be taken with the next batch; `refused` stay in quarantine, for the reason given. */
export type ReplayRequest = { asked: number[]; refused: (Rejection & { id: number })[] };

const CHUNK = 500;

const find = `
select ${sourceColumns}
from lakeflow.quarantined_records
where replayed_at is null and dropped_at is null and replay_requested_at is null
  and id > $1 and ($2::bigint[] is null or id = any($2)) and ($3::text is null or rule = $3)
order by id
limit ${CHUNK}
for update`;

const ask = `
update lakeflow.quarantined_records as record
set replay_requested_at = $3, replacement = asked.replacement
from unnest($1::bigint[], $2::text[]) as asked (id, replacement)
where record.id = asked.id`;

/**
 * Asks the pipeline to take records again that today's rules accept, as they came or as `mended`, which may replace
 * one record only. @throws NotFoundError where a chosen record is not open; then none is asked for. @throws UsageError
 */
export async function requestReplay(
  { pool }: Pick<Database, 'pool'>,
  { ids, rule }: Choice,
  { now, mended }: { now: Date; mended?: string | undefined },
): Promise<ReplayRequest> {
  if (mended !== undefined && ids?.length !== 1)
    throw new UsageError('A mended record replaces exactly one: give its number.');
  const result: ReplayRequest = { asked: [], refused: [] };
  return inTransaction(pool, async (connection) => {
    for (let last = 0, found = CHUNK; found === CHUNK; ) {
      const { rows } = await connection.query<QuarantinedSource>(find, [last, ids ?? null, rule ?? null]);
      const mending = rows.map((row) => ({ ...row, replacement: mended ?? row.replacement }));
      await askFor(connection, mending, now, result);
      found = rows.length;
      last = rows.at(-1)?.id ?? last;
    }
    requireAll(ids, result);
    return result;
  });
}

async function askFor(
  connection: Connection,
  records: readonly QuarantinedSource[],
  now: Date,
  result: ReplayRequest,
): Promise<void> {
  const horizon = horizonAt(now);
  const readings = records.map((record) => ({ record, ...readQuarantined(record, horizon) }));
  const good = readings.filter(({ rejection }) => !rejection).map(({ record }) => record);
  const ids = good.map(({ id }) => id);
  await connection.query(ask, [ids, good.map(({ replacement }) => replacement), now]);
  result.asked.push(...ids);
  for (const { record, rejection } of readings)
    if (rejection) result.refused.push({ id: record.id, ...rejection });
}

function requireAll(ids: readonly number[] | undefined, { asked, refused }: ReplayRequest): void {
  const met = new Set([...asked, ...refused.map(({ id }) => id)]);
  const missing = (ids ?? []).filter((id) => !met.has(id));
  if (missing.length > 0)
    throw new NotFoundError(
      `No open record in quarantine: ${missing.join(', ')}. Never there, or taken, given up or asked for already.`,
    );
}
