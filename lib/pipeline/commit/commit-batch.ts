import type { Connection } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { failpoint } from '#lib/failpoint.ts';
import type { ParsedBatch } from '../parse/batch.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';
import { flow } from '../tables/flow.ts';
import { holdEpoch } from '../writer/lease.ts';
import { moveCheckpoint } from './checkpoint.ts';
import { copyBatch } from './copy-batch.ts';
import { checkExpectations, countDrops, type ExpectationResult, recordExpectations } from './expectations.ts';
import { recordHistory, type TableChange } from './history.ts';
import { recordLateEvents } from './late-events.ts';
import { writeLedger } from './ledger.ts';
import { quarantine } from './quarantine.ts';
import { recordBatchEvent } from './record-batch.ts';

/** What a committed batch did, in files and records; `rows` are those written per table. */
export type CommittedBatch = {
  outcome: 'committed';
  batchId: number;
  files: number;
  duplicateFiles: number;
  records: number;
  events: number;
  duplicates: number;
  quarantined: number;
  late: number;
  /** The newest event time of the stream. */
  newestTs: string | undefined;
  rows: Record<string, number>;
};

/** Another writer has moved the checkpoint meanwhile: nothing of the batch was kept. */
export type LostBatch = { outcome: 'checkpoint_moved'; batchId: number };

/**
 * Writes one batch in one transaction: bronze, silver, gold, quarantine, expectations, ledger, history and
 * checkpoint, and what `also` adds; all of it or nothing. Wakes those that listen to `pipeline_batch`.
 */
export async function commitBatch(
  connection: Connection,
  context: BatchContext,
  volume: string,
  batch: ParsedBatch,
  clock: Clock,
  also?: (context: BatchContext) => Promise<TableChange[]>,
): Promise<CommittedBatch | LostBatch> {
  failpoint('before-begin');
  await connection.query('begin');
  failpoint('after-begin');
  try {
    if (!(await moveCheckpoint(connection, context, batch.newestTs))) {
      await connection.query('rollback');
      return { outcome: 'checkpoint_moved', batchId: context.batchId };
    }
    failpoint('after-move-checkpoint');
    const more = also ?? (() => Promise.resolve([]));
    const rows = await writeBatch(connection, context, volume, batch, clock, more);
    await holdEpoch(connection);
    failpoint('before-commit');
    await connection.query('commit');
    failpoint('after-commit');
    return summarize(context, batch, rows);
  } catch (error) {
    // Where the connection is gone, so is the transaction; what broke it is the error to tell.
    await connection.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function writeBatch(
  connection: Connection,
  context: BatchContext,
  volume: string,
  batch: ParsedBatch,
  clock: Clock,
  also: (context: BatchContext) => Promise<TableChange[]>,
): Promise<Record<string, number>> {
  const { records } = batch;
  const results: ExpectationResult[] = countDrops(
    context,
    records,
    batch.quarantined.map(({ rule }) => rule),
  );
  await copyBatch(connection, batch);
  await connection.query('insert into pg_temp.batch_counts values ($1, $2, $3)', [
    records - batch.quarantined.length,
    batch.events,
    batch.unknownFields.records,
  ]);
  failpoint('after-copy');
  const changes: TableChange[] = [];
  for (const dataset of flow) {
    if (dataset === firstOfGold) changes.push(...(await setLateAside(connection, context, batch)));
    const started = clock.now().getTime();
    const numOutputRows = await dataset.refresh(connection, context);
    failpoint(`after-refresh-${dataset.name}`);
    results.push(...(await checkExpectations(connection, context, dataset)));
    failpoint(`after-expectations-${dataset.name}`);
    const durationMs = clock.now().getTime() - started;
    if (numOutputRows > 0) changes.push({ table: dataset.name, metrics: { numOutputRows, durationMs } });
  }
  changes.push(...(await also(context)));
  await quarantine(connection, context, batch.quarantined);
  failpoint('after-quarantine');
  await recordExpectations(connection, context, results);
  failpoint('after-record-expectations');
  await writeLedger(connection, context, volume, batch.files);
  failpoint('after-ledger');
  const described = describeChanges(changes, batch);
  await recordHistory(connection, context, described);
  await recordBatchEvent(connection, context, described, results, batch.unknownFields.names);
  failpoint('after-history');
  await connection.query(`select pg_notify('pipeline_batch', $1::text)`, [context.batchId]);
  return Object.fromEntries(changes.map(({ table, metrics }) => [table, metrics.numOutputRows ?? 0]));
}

const firstOfGold = flow.find(({ layer }) => layer === 'gold');

async function setLateAside(
  connection: Connection,
  context: BatchContext,
  { late }: ParsedBatch,
): Promise<TableChange[]> {
  const numOutputRows = await recordLateEvents(connection, context, late);
  return numOutputRows > 0 ? [{ table: 'late_events', metrics: { numOutputRows } }] : [];
}

/** Bronze also says what it was made from; the quarantine is a table with a history like the others. */
function describeChanges(changes: TableChange[], batch: ParsedBatch): TableChange[] {
  const input = {
    numFiles: batch.files.length,
    numBytes: batch.files.reduce((sum, file) => sum + file.size, 0),
  };
  const numOutputRows = batch.quarantined.length;
  return [
    ...changes.map(({ table, metrics }) => ({
      table,
      metrics: table === 'all_events' ? { ...metrics, ...input } : metrics,
    })),
    ...(numOutputRows > 0 ? [{ table: 'quarantined_records', metrics: { numOutputRows } }] : []),
  ];
}

/** How many records of a batch are events that were taken before, in it or ahead of it. */
export function countDuplicates({ records, events, quarantined }: ParsedBatch): number {
  return records - events - quarantined.length;
}

function summarize(
  { batchId }: BatchContext,
  batch: ParsedBatch,
  rows: Record<string, number>,
): CommittedBatch {
  const { records } = batch;
  const events = batch.events;
  return {
    outcome: 'committed',
    batchId,
    files: batch.files.length,
    duplicateFiles: batch.files.filter(({ duplicateOf }) => duplicateOf !== null).length,
    records,
    events,
    duplicates: countDuplicates(batch),
    quarantined: batch.quarantined.length,
    late: rows.late_events ?? 0,
    newestTs: batch.newestTs,
    rows,
  };
}
