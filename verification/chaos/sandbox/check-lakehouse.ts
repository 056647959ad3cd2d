import { join } from 'node:path';
import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { integer } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { systemClock } from '#lib/clock.ts';
import { checkAccounts } from '#lib/health/index.ts';
import { rebuild } from '#lib/pipeline/index.ts';
import { compareWithOracle } from '../../oracle/compare.ts';
import { computeOracle } from '../../oracle/compute.ts';
import type { Sandbox } from './sandbox.ts';

/**
 * Checks a lakehouse that has ingested a whole volume: its rows against DuckDB's result from the raw files, against a
 * rebuild from bronze (sketches included), and the ledger against the counts of files and events.
 * @param records the files with the expected records, if they are not those of the volume.
 * @returns a problem for each difference.
 */
export async function checkLakehouse(
  { db, volume }: Sandbox,
  records = join(volume, '*.json'),
): Promise<string[]> {
  const oracle = await computeOracle({ files: [records] });
  return [
    ...(await compareWithOracle(db.pool, oracle)),
    ...(await checkRebuild(db)),
    ...(await checkLedger(db)),
    ...(await checkCounts(db, volume)),
  ];
}

async function checkRebuild(db: Database): Promise<string[]> {
  const { tables } = await rebuild({ db, clock: systemClock, select: [], verify: true });
  return tables
    .filter(({ differences }) => differences.length > 0)
    .map(({ table, differences }) => `${table} differs from its rebuild: ${JSON.stringify(differences[0])}`);
}

async function checkCounts(db: Database, volume: string): Promise<string[]> {
  const { accounts, differences } = await checkAccounts(db, volume);
  return [
    ...(accounts.addsUp ? [] : [`the counts do not add up: ${JSON.stringify(accounts)}`]),
    ...differences.map((difference) => `the ledger and a table differ: ${JSON.stringify(difference)}`),
  ];
}

const readLedger = statement({
  returns: {
    ledgerEvents: integer,
    events: integer,
    keys: integer,
    ledgerQuarantined: integer,
    quarantined: integer,
    batches: integer,
    loggedBatches: integer,
  },
  sql: () => sql`
    -- one row: the ledger beside the tables that it counts
    select
      (select coalesce(sum(events_added), 0) from lakeflow.ingested_files)::integer as ledger_events,
      (select count(*) from lakeflow.all_events)::integer as events,
      (select count(*) from lakeflow.event_keys)::integer as keys,
      (select coalesce(sum(quarantined), 0) from lakeflow.ingested_files)::integer as ledger_quarantined,
      (select count(*) from lakeflow.quarantined_records)::integer as quarantined,
      (select coalesce(max(batch_id), 0) from lakeflow.checkpoints where name = 'pipeline')::integer as batches,
      (select count(*) from lakeflow.pipeline_events where event_type = 'batch_committed')::integer
        as logged_batches`,
});

async function checkLedger({ pool }: Database): Promise<string[]> {
  const [counts] = await readLedger(pool, {});
  if (!counts) return ['the ledger cannot be read'];
  const { ledgerEvents, events, keys, ledgerQuarantined, quarantined, batches, loggedBatches } = counts;
  return [
    ...(ledgerEvents === events ? [] : [`the ledger counts ${ledgerEvents} events, bronze has ${events}`]),
    ...(keys === events ? [] : [`there are ${keys} event keys, bronze has ${events} events`]),
    ...(ledgerQuarantined === quarantined
      ? []
      : [`the ledger counts ${ledgerQuarantined} quarantined records, there are ${quarantined}`]),
    ...(batches === loggedBatches
      ? []
      : [`the checkpoint counts ${batches} batches, the event log ${loggedBatches}`]),
  ];
}
