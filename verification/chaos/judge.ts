import { join } from 'node:path';
import type { Database } from '#db/client.ts';
import { systemClock } from '#lib/clock.ts';
import { checkAccounts } from '#lib/health/index.ts';
import { rebuild } from '#lib/pipeline/index.ts';
import { compareWithOracle } from '../oracle/compare.ts';
import { computeOracle } from '../oracle/compute.ts';
import type { Bench } from './lab.ts';

/**
 * What is wrong with a lakehouse that has taken a whole volume: rows that the raw files say otherwise, by DuckDB;
 * rows that a rebuild from bronze makes otherwise, sketches too; files and events that the ledger counts otherwise.
 * @param truth where the records stand, if not in the volume itself.
 */
export async function judge({ db, volume }: Bench, truth = join(volume, '*.json')): Promise<string[]> {
  const oracle = await computeOracle({ files: [truth] });
  return [
    ...(await compareWithOracle(db.pool, oracle)),
    ...(await judgeRebuild(db)),
    ...(await judgeLedger(db)),
    ...(await judgeAccounts(db, volume)),
  ];
}

async function judgeRebuild(db: Database): Promise<string[]> {
  const { tables } = await rebuild({ db, clock: systemClock, select: [], verify: true });
  return tables
    .filter(({ differences }) => differences.length > 0)
    .map(({ table, differences }) => `${table} is not its rebuild: ${JSON.stringify(differences[0])}`);
}

async function judgeAccounts(db: Database, volume: string): Promise<string[]> {
  const { accounts, differences } = await checkAccounts(db, volume);
  return [
    ...(accounts.addsUp ? [] : [`the accounts do not add up: ${JSON.stringify(accounts)}`]),
    ...differences.map((difference) => `the ledger and a table differ: ${JSON.stringify(difference)}`),
  ];
}

const ledger = `
-- one row: the ledger beside the tables that it counts
select
  (select coalesce(sum(events_added), 0) from lakeflow.ingested_files)::integer as told,
  (select count(*) from lakeflow.all_events)::integer as events,
  (select count(*) from lakeflow.event_keys)::integer as keys,
  (select coalesce(sum(quarantined), 0) from lakeflow.ingested_files)::integer as told_quarantined,
  (select count(*) from lakeflow.quarantined_records)::integer as quarantined,
  (select coalesce(max(batch_id), 0) from lakeflow.checkpoints where name = 'pipeline')::integer as batches,
  (select count(*) from lakeflow.pipeline_events where event_type = 'batch_committed')::integer as logged`;

type Ledger = {
  told: number;
  events: number;
  keys: number;
  told_quarantined: number;
  quarantined: number;
  batches: number;
  logged: number;
};

async function judgeLedger(db: Database): Promise<string[]> {
  const { rows } = await db.pool.query<Ledger>(ledger);
  const counts = rows[0];
  if (!counts) return ['the ledger cannot be read'];
  const { told, events, keys, told_quarantined, quarantined, batches, logged } = counts;
  return [
    ...(told === events ? [] : [`the ledger counts ${told} events, bronze has ${events}`]),
    ...(keys === events ? [] : [`there are ${keys} keys of events, bronze has ${events}`]),
    ...(told_quarantined === quarantined
      ? []
      : [`the ledger counts ${told_quarantined} quarantined records, there are ${quarantined}`]),
    ...(batches === logged ? [] : [`the checkpoint counts ${batches} batches, the event log ${logged}`]),
  ];
}
