import type { Connection } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { failpoint } from '#lib/failpoint.ts';
import type { ParsedBatch } from '../parse/batch.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';
import { flow } from '../tables/flow.ts';
import { holdEpoch } from '../writer/lease.ts';
import { moveCheckpoint } from './checkpoint.ts';
import { copyBatch } from './copy-batch.ts';
import { writePlaces } from './customer-places.ts';
import { checkExpectations, countDrops, type ExpectationResult, recordExpectations } from './expectations.ts';
import { recordBatch, type TableChange } from './history.ts';
import { recordFiles } from './ingested-files.ts';
import { recordLateEvents } from './late-events.ts';
import { advanceLocations } from './location-activity.ts';
import { closeCompleted, quarantine } from './quarantine.ts';
import { step } from './step.ts';

/** What a committed batch did, in files and records; `rows` counts those written to each table. */
export type CommittedBatch = {
  outcome: 'committed';
  batchId: number;
  files: number;
  duplicateFiles: number;
  /** Files that were ingested before and had changed. */
  filesReadAgain: number;
  records: number;
  events: number;
  duplicates: number;
  quarantined: number;
  late: number;
  /** The newest event time of the stream. */
  maxEventTs: string | undefined;
  rows: Record<string, number>;
};

/** Another writer has moved the checkpoint in the meantime: nothing of the batch was kept. */
export type LostBatch = { outcome: 'checkpoint_moved'; batchId: number };

export type CommitOptions = {
  context: BatchContext;
  volume: string;
  batch: ParsedBatch;
  clock: Clock;
  /** Writes more in the same transaction. @returns what it changed. */
  extraWrites?: () => Promise<TableChange[]>;
};

/**
 * Writes one batch in one transaction: bronze, silver, gold, quarantine, expectations, files, history, checkpoint and
 * `extraWrites`; all of it or nothing. Notifies the listeners of `pipeline_batch`.
 */
export async function commitBatch(
  connection: Connection,
  options: CommitOptions,
): Promise<CommittedBatch | LostBatch> {
  const { context, batch } = options;
  failpoint('before-begin');
  await step('begin', () => connection.query('begin'));
  try {
    if (!(await moveCheckpoint(connection, context, batch.maxEventTs))) {
      await connection.query('rollback');
      return { outcome: 'checkpoint_moved', batchId: context.batchId };
    }
    failpoint('after-move-checkpoint');
    const rows = await writeBatch(connection, options);
    await holdEpoch(connection);
    failpoint('before-commit');
    await step('commit', () => connection.query('commit'));
    return summarize(context, batch, rows);
  } catch (error) {
    // If the connection is gone, so is the transaction; the error to report is the one that broke it.
    await connection.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** @returns the rows written to each table. */
async function writeBatch(
  connection: Connection,
  { context, volume, batch, clock, extraWrites }: CommitOptions,
): Promise<Record<string, number>> {
  const brokenRules = batch.quarantined.map(({ rule }) => rule);
  const results: ExpectationResult[] = countDrops(context, batch.records, brokenRules);
  await step('copy', () => copyRows(connection, batch));
  const changes: TableChange[] = [];
  for (const dataset of flow) {
    if (dataset === firstOfGold) changes.push(...(await setLateAside(connection, context, batch)));
    const started = clock.now().getTime();
    const numOutputRows = await step(`refresh-${dataset.name}`, () => dataset.refresh(connection, context));
    const checked = await step(`expectations-${dataset.name}`, () =>
      checkExpectations(connection, context, dataset),
    );
    results.push(...checked);
    const durationMs = clock.now().getTime() - started;
    if (numOutputRows > 0) changes.push({ table: dataset.name, metrics: { numOutputRows, durationMs } });
  }
  if (extraWrites) changes.push(...(await extraWrites()));
  await step('customer-places', () => writePlaces(connection));
  await step('location-activity', () => advanceLocations(connection, context, batch.activity));
  await step('quarantine', () => quarantine(connection, context, batch.quarantined));
  await step('completed', () => closeCompleted(connection, context, batch.completed));
  await step('record-expectations', () => recordExpectations(connection, context, results));
  await step('record-files', () => recordFiles(connection, context, volume, batch.files));
  await step('history', () =>
    recordBatch(connection, context, completeChanges(changes, batch), results, batch.unknownFields.names),
  );
  await connection.query(`select pg_notify('pipeline_batch', $1::text)`, [context.batchId]);
  return Object.fromEntries(changes.map(({ table, metrics }) => [table, metrics.numOutputRows ?? 0]));
}

async function copyRows(connection: Connection, batch: ParsedBatch): Promise<void> {
  await copyBatch(connection, batch);
  await connection.query('insert into pg_temp.batch_counts values ($1, $2, $3, $4)', [
    batch.records - batch.quarantined.length,
    batch.events,
    batch.unknownFields.records,
    batch.nulls,
  ]);
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

/** Adds the files that bronze was made from, and the quarantine, which has a history like every table. */
function completeChanges(changes: readonly TableChange[], batch: ParsedBatch): TableChange[] {
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

/** How many records of a batch are events that are stored already, or occur earlier in the batch. */
export function countDuplicates({ records, events, quarantined }: ParsedBatch): number {
  return records - events - quarantined.length;
}

function summarize(
  { batchId }: BatchContext,
  batch: ParsedBatch,
  rows: Record<string, number>,
): CommittedBatch {
  const { files, records, events, quarantined, maxEventTs } = batch;
  return {
    outcome: 'committed',
    batchId,
    files: files.length,
    duplicateFiles: files.filter(({ duplicateOf }) => duplicateOf !== null).length,
    filesReadAgain: files.filter(({ readAgain }) => readAgain).length,
    records,
    events,
    duplicates: countDuplicates(batch),
    quarantined: quarantined.length,
    late: rows.late_events ?? 0,
    maxEventTs,
    rows,
  };
}
