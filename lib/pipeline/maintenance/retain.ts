import { type Connection, type Database, inTransaction } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { recordOperation } from '../commit/history.ts';
import { recordEvent } from '../event-log/record-event.ts';

const DAY_MS = 86_400_000;

/** What was deleted, or would be: events of days before `before` (UTC), and the bytes of their partitions. */
export type Retention = { before: string; partitions: number; events: number; bytes: number };

type Options = { db: Pick<Database, 'pool'>; clock: Clock; days: number; dryRun?: boolean };

/**
 * Deletes the raw events of all but the last `days` days, today included, by dropping the partitions of bronze. Their
 * keys stay, so a late copy of one adds nothing; silver and gold stay as they are, and can no longer be rebuilt.
 */
export async function retain({ db, clock, days, dryRun = false }: Options): Promise<Retention> {
  const at = clock.now();
  const before = new Date(at.getTime() - (days - 1) * DAY_MS).toISOString().slice(0, 10);
  return inTransaction(db.pool, async (connection) => {
    const old = await listOld(connection, before);
    const retention = { before, ...total(old) };
    if (dryRun || old.length === 0) return retention;
    for (const { name } of old) await remove(connection, name, before);
    await record(connection, at, retention, days);
    return retention;
  });
}

type Partition = { name: string; events: number; bytes: number };

const list = `
-- one row per partition of bronze with a day before $1
with day as (
  select relation.oid, relation.relname as name,
    to_date(nullif(regexp_replace(relname, '^all_events_', ''), 'default'), 'YYYYMMDD') as day
  from pg_inherits
  join pg_class as relation on relation.oid = inhrelid
  where inhparent = 'lakeflow.all_events'::regclass
)
select name, pg_total_relation_size(oid)::double precision as bytes
from day
where day < $1::date or day is null
order by day`;

async function listOld(connection: Connection, before: string): Promise<Partition[]> {
  const { rows } = await connection.query<{ name: string; bytes: number }>(list, [before]);
  const old: Partition[] = [];
  for (const { name, bytes } of rows) {
    const found = await connection.query<{ n: number }>(
      `select count(*)::double precision as n from lakeflow.${connection.escapeIdentifier(name)} where ts < $1`,
      [`${before} 00:00+00`],
    );
    const events = found.rows[0]?.n ?? 0;
    if (name !== rest || events > 0) old.push({ name, events, bytes: name === rest ? 0 : bytes });
  }
  return old;
}

const rest = 'all_events_default';

/** A partition of a day goes; of the default one the rows that are young enough stay, in a new one. */
async function remove(connection: Connection, name: string, before: string): Promise<void> {
  const table = `lakeflow.${connection.escapeIdentifier(name)}`;
  await connection.query(`alter table lakeflow.all_events detach partition ${table}`);
  if (name === rest) {
    await connection.query(`alter table ${table} rename to all_events_moving`);
    await connection.query(`create table ${table} partition of lakeflow.all_events default`);
    await connection.query(`select lakeflow.protect_partition('lakeflow.all_events', $1)`, [rest]);
    const young = 'select * from lakeflow.all_events_moving where ts >= $1';
    await connection.query(`insert into lakeflow.all_events ${young}`, [`${before} 00:00+00`]);
    await connection.query('drop table lakeflow.all_events_moving');
    return;
  }
  await connection.query(`drop table ${table}`);
}

function total(old: readonly Partition[]) {
  return {
    partitions: old.filter(({ name }) => name !== rest).length,
    events: old.reduce((sum, { events }) => sum + events, 0),
    bytes: old.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

async function record(connection: Connection, at: Date, retention: Retention, days: number): Promise<void> {
  const { before, partitions, events, bytes } = retention;
  const metrics = { numDeletedRows: events, numRemovedPartitions: partitions, numRemovedBytes: bytes };
  const operation = { name: 'RETENTION', at, parameters: { days, before } };
  await recordOperation(connection, operation, [{ table: 'all_events', metrics }]);
  const message = `Deleted ${events} raw events of the days before ${before}.`;
  await recordEvent(connection, { at, level: 'info', type: 'retention', message, details: { ...retention } });
}
