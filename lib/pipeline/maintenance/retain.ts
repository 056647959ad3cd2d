import { sql } from 'drizzle-orm/sql';
import { type Connection, type Database, inTransaction } from '#db/client.ts';
import { date, double, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { Clock } from '#lib/clock.ts';
import { recordOperation } from '../commit/history.ts';
import { recordEvent } from '../event-log/record-event.ts';

const DAY_MS = 86_400_000;
/** The partition of implausible days and of days that got no partition of their own. */
const DEFAULT_PARTITION = 'all_events_default';

/** What was deleted, or would be: the events of days before `before` (UTC), and the bytes of their partitions. */
export type Retention = { before: string; partitions: number; events: number; bytes: number };

type RetainOptions = { db: Pick<Database, 'pool'>; clock: Clock; days: number; dryRun?: boolean };

/**
 * Deletes the raw events of all but the last `days` days, including today, by dropping partitions of bronze. Their keys
 * stay, so a late copy of an event adds nothing. Silver and gold stay as they are, and can no longer be rebuilt.
 */
export async function retain({ db, clock, days, dryRun = false }: RetainOptions): Promise<Retention> {
  const at = clock.now();
  const before = new Date(at.getTime() - (days - 1) * DAY_MS).toISOString().slice(0, 10);
  return inTransaction(db.pool, async (connection) => {
    const partitions = await listOldPartitions(connection, before);
    const retention: Retention = {
      before,
      partitions: partitions.filter(({ name }) => name !== DEFAULT_PARTITION).length,
      events: partitions.reduce((sum, { events }) => sum + events, 0),
      bytes: partitions.reduce((sum, { bytes }) => sum + bytes, 0),
    };
    if (dryRun || partitions.length === 0) return retention;
    for (const { name } of partitions) await deleteEvents(connection, name, before);
    await recordRetention(connection, at, retention, days);
    return retention;
  });
}

type Partition = { name: string; events: number; bytes: number };

const selectPartitions = statement({
  params: { before: date },
  returns: { name: text, bytes: double },
  sql: ({ before }) => sql`
    -- one row per partition of bronze with days before this one
    with candidate as (
      select relation.oid, relation.relname as name,
        to_date(nullif(regexp_replace(relname, '^all_events_', ''), 'default'), 'YYYYMMDD') as day
      from pg_inherits
      join pg_class as relation on relation.oid = inhrelid
      where inhparent = 'lakeflow.all_events'::regclass
    )
    select name, pg_total_relation_size(oid)::double precision as bytes
    from candidate
    where day < ${before}::date or day is null
    order by day`,
});

async function listOldPartitions(connection: Connection, before: string): Promise<Partition[]> {
  const old: Partition[] = [];
  for (const { name, bytes } of await selectPartitions(connection, { before })) {
    // Not a declared statement: the name of the table differs.
    const { rows } = await connection.query<{ events: number }>(
      `select count(*)::double precision as events from lakeflow.${connection.escapeIdentifier(name)} where ts < $1`,
      [`${before} 00:00+00`],
    );
    const events = rows[0]?.events ?? 0;
    if (name !== DEFAULT_PARTITION) old.push({ name, events, bytes });
    else if (events > 0) old.push({ name, events, bytes: 0 });
  }
  return old;
}

/** Drops the partition; the default one is replaced by a new one with the rows of younger days. */
async function deleteEvents(connection: Connection, name: string, before: string): Promise<void> {
  const table = `lakeflow.${connection.escapeIdentifier(name)}`;
  await connection.query(`alter table lakeflow.all_events detach partition ${table}`);
  if (name !== DEFAULT_PARTITION) {
    await connection.query(`drop table ${table}`);
    return;
  }
  await connection.query(`alter table ${table} rename to all_events_moving`);
  await connection.query(`create table ${table} partition of lakeflow.all_events default`);
  await connection.query(`select lakeflow.protect_partition('lakeflow.all_events', $1)`, [name]);
  const young = 'select * from lakeflow.all_events_moving where ts >= $1';
  await connection.query(`insert into lakeflow.all_events ${young}`, [`${before} 00:00+00`]);
  await connection.query('drop table lakeflow.all_events_moving');
}

async function recordRetention(
  connection: Connection,
  at: Date,
  retention: Retention,
  days: number,
): Promise<void> {
  const { before, partitions, events, bytes } = retention;
  const metrics = { numDeletedRows: events, numRemovedPartitions: partitions, numRemovedBytes: bytes };
  const operation = { name: 'RETENTION', at, parameters: { days, before } };
  await recordOperation(connection, operation, [{ table: 'all_events', metrics }]);
  const message = `Deleted ${events} raw events of the days before ${before}.`;
  await recordEvent(connection, { at, level: 'info', type: 'retention', message, details: { ...retention } });
}
