import { sql } from 'drizzle-orm/sql';
import { advisoryLocks } from '#db/advisory-locks.ts';
import type { Database } from '#db/client.ts';
import { boolean, count, instant, integer, json, nullable, type RowOf, text } from '#db/columns.ts';
import { isConnectionLost } from '#db/connection-error.ts';
import { sharedLakehouse } from '#db/lakehouse.ts';
import { statement } from '#db/statement.ts';
import type { Clock } from '#lib/clock.ts';
import type { Person } from '#lib/contract/person.ts';
import { BusyError, ForbiddenError, NotFoundError } from '#lib/errors.ts';
import { horizonAt } from '../parse/event-time.ts';
import {
  countByRule,
  dropQuarantined,
  getQuarantined,
  listQuarantined,
  type QuarantineChoice,
  type QuarantinedRecordDetail,
  type QuarantinedRow,
  type QuarantineFilter,
  type RuleCount,
  readQuarantined,
} from './quarantined-records.ts';
import { type ReplayRequest, requestReplay } from './request-replay.ts';

export { rules } from '../tables/bronze/rules.ts';
export type { QuarantineChoice, QuarantinedRecordDetail, QuarantinedRow, ReplayRequest, RuleCount };

/** Who asks, and on whose database; the guards of the console give it. */
type Context = { db: Database; clock: Clock; person: Pick<Person, 'email'> };

/**
 * What an error of the lakehouse means for a person. Where it is the console's own database, the guards of the console
 * explain what is wrong with it. @throws BusyError, ForbiddenError, or `error` itself.
 */
function explain(error: unknown, isOwn: boolean): never {
  const {
    code,
    constraint,
    message = '',
  } = error as { code?: string; constraint?: string; message?: string };
  if (constraint === 'pipeline_role')
    throw new ForbiddenError('Only engineers and admins may change records of the pipeline.');
  if (isOwn) throw error;
  if (isConnectionLost(error) || /^timeout (expired|exceeded)/i.test(message))
    throw new BusyError(
      'The lakehouse does not answer. The queue works without it; nothing of this page was changed. Start its Postgres, or correct LAKEHOUSE_DATABASE_URL.',
      { cause: error },
    );
  if (code === '42501')
    throw new ForbiddenError(
      'The login of the lakehouse may not do this. As its owner, grant it the role caspers_console there.',
    );
  throw error;
}

async function onLakehouse<Result>(
  { db }: Pick<Context, 'db'>,
  work: (lakehouse: Database) => Promise<Result>,
): Promise<Result> {
  const lakehouse = sharedLakehouse(db);
  return work(lakehouse).catch((error: unknown) => explain(error, lakehouse === db));
}

const selectWriter = statement({
  returns: { isRunning: boolean },
  sql: () => sql`
    -- advisoryLocks.pipelineWriter is held for as long as a pipeline runs
    select exists (
      select from pg_locks
      where locktype = 'advisory' and granted and objid = ${sql.raw(`${advisoryLocks.pipelineWriter}`)}
        and database = (select oid from pg_database where datname = current_database())
    ) as is_running`,
});

export type QuarantinePage = { rows: QuarantinedRow[]; counts: RuleCount[]; isPipelineRunning: boolean };

/** A page of records in quarantine with the counts by rule of its other filters. @throws BusyError without the lakehouse. */
export function readQuarantinePage(
  context: Pick<Context, 'db'>,
  filter: QuarantineFilter,
): Promise<QuarantinePage> {
  const { rule: _rule, before: _before, limit: _limit, ...others } = filter;
  return onLakehouse(context, async (lakehouse) => {
    const [rows, counts, [writer]] = await Promise.all([
      listQuarantined(lakehouse, filter),
      countByRule(lakehouse, others),
      selectWriter(lakehouse.pool, {}),
    ]);
    return { rows, counts, isPipelineRunning: writer?.isRunning ?? false };
  });
}

/** One record with its text. @throws NotFoundError */
export function readQuarantinedRecord(
  context: Pick<Context, 'db'>,
  id: number,
): Promise<QuarantinedRecordDetail & { isPipelineRunning: boolean }> {
  return onLakehouse(context, async (lakehouse) => {
    const [[record], [writer]] = await Promise.all([
      getQuarantined(lakehouse, [id]),
      selectWriter(lakehouse.pool, {}),
    ]);
    if (!record) throw new NotFoundError(`There is no quarantined record ${id}.`);
    return { ...record, isPipelineRunning: writer?.isRunning ?? false };
  });
}

/** What the parser makes of a text: the events that a replay would load, or the rule that the text breaks. */
export type CheckedText =
  | { accepted: true; events: { type: string; eventId: string; orderId: string; ts: string }[] }
  | { accepted: false; rule: string; reason: string };

/** Reads a text as the pipeline would, without storing anything. */
export function checkText({ clock }: Pick<Context, 'clock'>, source: string): CheckedText {
  const record = { ...{ id: 0, file: '', line: 1, raw: '', encoding: 'text' as const }, replacement: source };
  const { events, rejection } = readQuarantined(record, horizonAt(clock.now()));
  if (!events) return { accepted: false, ...rejection };
  return {
    accepted: true,
    events: events.map((event) => ({
      ...{ type: event.event_type, eventId: event.event_id, orderId: event.order_id, ts: event.ts },
    })),
  };
}

/** Requests that records are ingested again, `replacement` instead of the one record that is chosen. */
export function replayRecords(
  { clock, person, ...context }: Context,
  choice: QuarantineChoice,
  { replacement, preview = false }: { replacement?: string | undefined; preview?: boolean } = {},
): Promise<ReplayRequest> {
  const options = { now: clock.now(), by: person.email, replacement, preview };
  return onLakehouse(context, (lakehouse) => requestReplay(lakehouse, choice, options));
}

/** Drops records: they are kept as they came, and never ingested. @returns their number. */
export function dropRecords(
  { clock, person, ...context }: Context,
  choice: QuarantineChoice,
): Promise<number> {
  return onLakehouse(context, (lakehouse) => dropQuarantined(lakehouse, choice, clock.now(), person.email));
}

const version = {
  version: count,
  timestamp: instant,
  userName: text,
  operation: text,
  operationParameters: json<Record<string, unknown>>(),
  operationMetrics: json<Record<string, unknown>>(),
};
/** One version of a table; `timestamp` is ISO 8601 in UTC. */
export type TableVersion = RowOf<typeof version>;

const selectVersions = statement({
  params: { table: text, before: nullable(count), limit: integer },
  returns: version,
  sql: ({ table, before, limit }) => sql`
    -- grain: one row per version, newest first
    select version, "timestamp", user_name, operation, operation_parameters, operation_metrics
    from lakeflow.table_history
    where table_name = ${table} and (${before}::bigint is null or version < ${before})
    order by version desc
    limit ${limit}`,
});

const selectTables = statement({
  returns: { name: text },
  sql: () => sql`
    -- grain: one row per table with a history, found by steps over the primary key
    with recursive tables (name) as (
      (select table_name from lakeflow.table_history order by table_name limit 1)
      union all
      select (
        select table_name from lakeflow.table_history where table_name > tables.name order by table_name limit 1
      )
      from tables
      where tables.name is not null
    )
    select name from tables where name is not null`,
});

/** The versions of a table, newest first, and the names of all tables that have a history. */
export function readTableHistory(
  context: Pick<Context, 'db'>,
  { table, before, limit }: { table: string; before?: number | undefined; limit: number },
): Promise<{ tables: string[]; versions: TableVersion[] }> {
  return onLakehouse(context, async ({ pool }) => {
    const [tables, versions] = await Promise.all([
      selectTables(pool, {}),
      selectVersions(pool, { table, before: before ?? null, limit }),
    ]);
    return { tables: tables.map(({ name }) => name), versions };
  });
}
