import { resolve } from 'node:path';
import { sql } from 'drizzle-orm/sql';
import { type Connection, type Database, inTransaction, type Pool } from '#db/client.ts';
import { double, integer, nullable, type RowOf, text, textArray } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { ChangedFile } from '#lib/volume/index.ts';
import { listFiles } from '#lib/volume/index.ts';
import { listChangedFiles } from './list-changed-files.ts';

/**
 * The accounts of a lakehouse, the `waiting` files of the volume, those that have `changed` since they were read, and where
 * the ledger and the tables differ.
 */
export type CheckedAccounts = {
  accounts: Accounts;
  waiting: number;
  changed: ChangedFile[];
  differences: Difference[];
};

/** Compares the ledger with the tables, in total and file by file, at one moment. */
export async function checkAccounts(db: Database, volume: string): Promise<CheckedAccounts> {
  const waiting = await countWaitingFiles(db, volume);
  const changed = await listChangedFiles(db, volume);
  return inTransaction(db.pool, async (connection) => {
    await connection.query('set transaction isolation level repeatable read, read only');
    const accounts = await getAccounts(connection);
    return { accounts, waiting, changed, differences: await listDifferences(connection) };
  });
}

/** How many files have no line in the ledger. */
const countUnlisted = statement({
  params: { files: textArray, volume: text },
  returns: { waiting: integer },
  sql: ({ files, volume }) => sql`
    select count(*)::integer as waiting
    from unnest(${files}::text[]) as file (path)
    where not exists (
      select from lakeflow.ingested_files as ingested
      where ingested.volume = ${volume} and ingested.path = file.path
    )`,
});

/** How many event files of a volume the pipeline has not ingested yet. */
export async function countWaitingFiles(db: Database, volume: string): Promise<number> {
  const { files } = await listFiles(volume);
  const [row] = await countUnlisted(db.pool, { files, volume: resolve(volume) });
  return row?.waiting ?? 0;
}

const sumColumns = {
  files: double,
  /** Files with the same content as an earlier one; their records count once, with that one. */
  copies: double,
  /** How often a file was read again because it had grown or was written again. */
  readAgain: double,
  records: double,
  events: double,
  duplicates: double,
  quarantined: double,
  /** Events that were replayed from quarantine, and those that retention has deleted since. */
  replayed: double,
  deleted: double,
  /** Rows of bronze: `events` + `replayed` − `deleted`. */
  bronze: double,
};

/**
 * What became of the records of every ingested file, over all volumes: `records` = `events` + `duplicates` +
 * `quarantined`. `addsUp` is false where the tables do not agree with the ledger.
 */
export type Accounts = RowOf<typeof sumColumns> & { addsUp: boolean };

const findSums = statement({
  returns: {
    ...sumColumns,
    quarantineRows: double,
    keys: double,
    replays: double,
  },
  sql: () => sql`
    -- one row, of one moment: the sums of the ledger beside what the tables hold
    with ledger as (
      select
        count(distinct (volume, path)) as files,
        count(*) - count(distinct (volume, path)) as read_again,
        count(duplicate_of) as copies,
        coalesce(sum(records), 0) as records,
        coalesce(sum(events_added), 0) as events,
        coalesce(sum(quarantined), 0) as quarantined
      from lakeflow.ingested_files
    ), quarantine as (
      select count(*) as records, count(*) filter (where replay_added) as replays
      from lakeflow.quarantined_records
    ), keys as (
      select count(*) as events from lakeflow.event_keys
    ), bronze as (
      select count(*) as events from lakeflow.all_events
    ), retention as (
      select coalesce(sum((details ->> 'events')::numeric), 0) as events
      from lakeflow.pipeline_events where event_type <> 'batch_committed' and event_type = 'retention'
    )
    select
      ledger.files::float8,
      copies::float8,
      read_again::float8,
      ledger.records::float8,
      ledger.events::float8,
      (ledger.records - ledger.events - quarantined)::float8 as duplicates,
      quarantined::float8,
      (keys.events - ledger.events)::float8 as replayed,
      retention.events::float8 as deleted,
      bronze.events::float8 as bronze,
      quarantine.records::float8 as quarantine_rows,
      keys.events::float8 as keys,
      quarantine.replays::float8 as replays
    from ledger, quarantine, keys, bronze, retention`,
});

/** Adds up the ledger and compares it with bronze, its keys and the quarantine. */
export async function getAccounts(connection: Connection | Pool): Promise<Accounts> {
  const [row] = await findSums(connection, {});
  if (!row) throw new Error('the sums of the ledger are always one row');
  const { quarantineRows, keys, replays, ...counts } = row;
  const { duplicates, quarantined, replayed, bronze, deleted } = counts;
  // A record from quarantine brings one event, or more where it was a whole file.
  const replaysAddUp = replays === 0 ? replayed === 0 : replayed >= replays;
  const addsUp =
    duplicates >= 0 && quarantineRows === quarantined && bronze + deleted === keys && replaysAddUp;
  return { ...counts, addsUp };
}

/**
 * The two equations of the accounts in words. @param waiting files that are not ingested yet.
 * @param changed ingested files that have changed since.
 */
export function describeAccounts(
  accounts: Accounts,
  waiting: number,
  changed: readonly ChangedFile[],
): { files: string; records: string } {
  const { files, copies, readAgain, records, events, duplicates, quarantined, addsUp } = accounts;
  const format = (value: number) => value.toLocaleString('en-US');
  const same = copies > 0 ? `, ${format(copies)} of the ingested are copies` : '';
  const again = readAgain > 0 ? `, ${format(readAgain)} readings again of changed ones` : '';
  const first = changed.slice(0, MAX_NAMES).map(({ name }) => name);
  const more = changed.length > MAX_NAMES ? `, and ${format(changed.length - MAX_NAMES)} more` : '';
  const grown = changed.length > 0 ? `; changed since, to be read again: ${first.join(', ')}${more}` : '';
  const sum = `${format(records)} = ${format(events)} events + ${format(duplicates)} duplicates + ${format(quarantined)} quarantined`;
  return {
    files: `${format(files + waiting)} = ${format(files)} ingested + ${format(waiting)} waiting${same}${again}${grown}`,
    records: addsUp ? sum : `${sum}; the tables do not agree: npm run pipeline -- check`,
  };
}

/** A file, or a whole batch where `file` is null, for which a table has another number than the ledger. */
const differenceColumns = {
  batchId: double,
  file: nullable(text),
  what: text,
  ledger: double,
  found: double,
};
export type Difference = RowOf<typeof differenceColumns>;

const MAX_DIFFERENCES = 100;
/** So many changed files are named. */
const MAX_NAMES = 10;

const findDifferences = statement({
  params: { limit: integer },
  returns: differenceColumns,
  sql: ({ limit }) => sql`
    -- one row per file or batch and number in which the ledger and a table differ
    with file as (
      select batch_id, path, records, events_added, quarantined from lakeflow.ingested_files
    ), batch as (
      select batch_id, sum(records) as records, sum(records - events_added - quarantined) as duplicates
      from file group by batch_id
    ), counted as (
      select
        batch_id,
        sum(passed + failed) filter (where expectation = 'valid_record') as records,
        sum(failed) filter (where expectation = 'unique_event_id') as duplicates
      from lakeflow.expectation_results
      where dataset = 'all_events' and expectation in ('valid_record', 'unique_event_id')
      group by batch_id
    ), bronze as (
      select batch_id, source_file as path, count(*) as events
      from lakeflow.all_events group by batch_id, source_file
    ), quarantine as (
      select batch_id, source_file as path, count(*) as records
      from lakeflow.quarantined_records group by batch_id, source_file
    ), replay as (
      select distinct replay_batch_id as batch_id from lakeflow.quarantined_records where replay_added
    ), retention as (
      select exists (
        select from lakeflow.pipeline_events where event_type <> 'batch_committed' and event_type = 'retention'
      ) as took_place
    ), difference as (
      select
        batch_id, path, 'events in bronze' as what, coalesce(events_added, 0) as ledger, coalesce(events, 0) as found
      from file full join bronze using (batch_id, path)
      where case when (select took_place from retention)
        then coalesce(events, 0) > coalesce(events_added, 0)
        else coalesce(events, 0) <> coalesce(events_added, 0) end
        and batch_id not in (select batch_id from replay)
      union all
      select batch_id, path, 'records in quarantine', coalesce(quarantined, 0), coalesce(quarantine.records, 0)
      from file full join quarantine using (batch_id, path)
      where coalesce(quarantined, 0) <> coalesce(quarantine.records, 0)
      union all
      select batch_id, path, 'events and quarantined records at most', records, events_added + quarantined
      from file
      where events_added + quarantined > records
      union all
      select batch_id, null, 'records by the expectations', batch.records, coalesce(counted.records, 0)
      from batch left join counted using (batch_id)
      where batch.records <> coalesce(counted.records, 0)
      union all
      select batch_id, null, 'duplicates by the expectations', batch.duplicates, coalesce(counted.duplicates, 0)
      from batch left join counted using (batch_id)
      where batch.duplicates <> coalesce(counted.duplicates, 0)
    )
    select batch_id::float8, path as file, what, ledger::float8, found::float8
    from difference
    order by batch_id, path nulls last, what
    limit ${limit}`,
});

/** Compares the ledger with bronze, the quarantine and the expectations, file by file; the first 100 differences. */
export function listDifferences(connection: Connection | Pool): Promise<Difference[]> {
  return findDifferences(connection, { limit: MAX_DIFFERENCES });
}
