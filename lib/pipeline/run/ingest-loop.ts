import type { Connection } from '#db/client.ts';
import { failpoint } from '#lib/failpoint.ts';
import { listFiles } from '#lib/volume/index.ts';
import { type Position, readCheckpoint } from '../commit/checkpoint.ts';
import { type CommittedBatch, countDuplicates, type LostBatch } from '../commit/commit-batch.ts';
import { listIngested } from '../commit/ingested-files.ts';
import { runMicroBatch, type Target } from '../commit/micro-batch.ts';
import { follows, type Prepared, prepareBatch } from '../commit/prepare-batch.ts';
import { recordEvent } from '../event-log/record-event.ts';
import { compactWindows, hourOfWatermark } from '../maintenance/compact-windows.ts';
import { readPipelineTime } from '../parse/event-time.ts';
import { handleRequests, type RequestBatch } from '../requests/handle-requests.ts';
import { type ChangedFiles, lookForChangedFiles } from './changed-files.ts';
import type { NextBatch } from './read-ahead.ts';
import { addToTotals, type Run, sayOnce } from './run-state.ts';
import { waitForFiles } from './wait-for-files.ts';

/** What the writer knows about the database, so that a poll only lists files; read again with every connection. */
type WriterState = {
  position: Position;
  /** Names of the files that were ingested. */
  ingested: Set<string>;
  /** Whether the last batch had events that were stored long before; then the next ones may have too. */
  precheckDuplicates: boolean;
  compactedHour?: string;
  changed: ChangedFiles;
};

type Writer = { run: Run; connection: Connection; state: WriterState };

/** What came of a turn: batches were committed, there was nothing to do, or another writer moved the checkpoint. */
type Progress = 'committed' | 'idle' | 'checkpoint_moved';

/** Ingests the files of the volume as they come, until there are no more (unless `continuous`) or the signal aborts. */
export async function ingestLoop(run: Run, connection: Connection): Promise<void> {
  await run.readAhead.discard();
  const writer: Writer = { run, connection, state: await readState(run, connection) };
  while (!run.signal.aborted) {
    failpoint('after-read-state');
    const requests = await handleRequests(await targetOf(writer));
    if ((await recordResults(writer, requests)) === 'checkpoint_moved') await refreshState(writer);
    await lookForChangedFiles(connection, run, writer.state.changed);
    const pending = await listPending(writer);
    failpoint('after-list-files');
    if (pending.length === 0 && run.mode !== 'continuous') return reportIfEmpty(writer);
    const progress = await ingestFiles(writer, pending);
    await closeWindows(writer);
    if (progress === 'checkpoint_moved') await refreshState(writer);
    else if (progress === 'idle' && run.mode === 'continuous') await waitForMore(writer);
  }
}

async function readState({ volume }: Run, connection: Connection): Promise<WriterState> {
  const position = await readCheckpoint(connection);
  return {
    position,
    ingested: await listIngested(connection, volume),
    precheckDuplicates: false,
    changed: { names: new Set(), checkedAt: undefined },
  };
}

async function refreshState(writer: Writer): Promise<void> {
  writer.state = await readState(writer.run, writer.connection);
}

async function targetOf({ run, connection, state: { position } }: Writer): Promise<Target> {
  const { volume, clock, actions } = run;
  const now = await readPipelineTime(volume, clock, (message) => sayOnce(run, message));
  return { connection, volume, clock, position, now, watermark: run.mode !== 'once', actions };
}

async function listPending({ run, state }: Writer): Promise<string[]> {
  const { files, skipped } = await listFiles(run.volume);
  for (const { name, reason } of skipped) sayOnce(run, `${name} is not read: ${reason}.`);
  const retriesUnreadable = run.mode === 'continuous';
  return files.filter(
    (name) =>
      (!state.ingested.has(name) || state.changed.names.has(name)) &&
      (retriesUnreadable || !run.unreadable.has(name)),
  );
}

/** Ingests the listed files, batch by batch. */
async function ingestFiles(writer: Writer, pending: string[]): Promise<Progress> {
  const { run } = writer;
  let progress: Progress = 'idle';
  let rest = pending;
  while (rest.length > 0 && !run.signal.aborted && progress !== 'checkpoint_moved') {
    const next = await run.readAhead.next(rest);
    rest = rest.slice(next.seen);
    recordUnreadable(run, next);
    if (next.files.length > 0) progress = await ingestBatch(writer, next, rest);
  }
  await run.readAhead.discard();
  return progress;
}

/** Ingests one batch, while the files after it, `rest`, are read and parsed ahead. */
async function ingestBatch(writer: Writer, next: NextBatch, rest: readonly string[]): Promise<Progress> {
  const { run, connection, state } = writer;
  const { reader, id, files } = next;
  const names = files.map(({ name }) => name);
  const source = { reader, id, files, names, readAgain: state.changed.names };
  const target = await targetOf(writer);
  const prepared =
    next.prepared && follows(next.prepared, target.position)
      ? next.prepared
      : await prepareBatch(connection, source, target);
  const { batch, options, hasStored } = prepared;
  run.readAhead.start(rest, next, {
    position: { batchId: options.context.batchId, maxEventTs: batch.maxEventTs },
    keys: batch.keys,
    precheckDuplicates: state.precheckDuplicates || hasStored,
    readAgain: state.changed.names,
  });
  const batches = await runMicroBatch(target, source, { prepared });
  await reader.discard(id);
  state.precheckDuplicates = hasStored || batches.some((committed) => hadStored(committed, prepared));
  const progress = await recordResults(writer, batches, rest.length);
  if (progress !== 'committed') return progress;
  for (const name of names) {
    state.ingested.add(name);
    state.changed.names.delete(name);
  }
  return progress;
}

/** Whether a batch had more duplicates than were known when it was prepared. */
function hadStored(committed: CommittedBatch | LostBatch, { batch }: Prepared): boolean {
  return committed.outcome === 'committed' && committed.duplicates > countDuplicates(batch);
}

/** Records the results of batches, up to the first one that was lost to another writer. */
async function recordResults(
  { run, connection, state }: Writer,
  batches: readonly RequestBatch[],
  pending = 0,
): Promise<Progress> {
  for (const batch of batches) {
    if (batch.outcome === 'checkpoint_moved') {
      const message = `Batch ${batch.batchId} was written by another pipeline in the meantime; reading the state again.`;
      run.say(message);
      await recordEvent(connection, { at: run.clock.now(), level: 'warn', type: 'batch_lost', message });
      return batch.outcome;
    }
    state.position = batch;
    if (batch.outcome === 'admitted') {
      run.say(`batch ${batch.batchId}: ${batch.orders} late orders admitted`);
      continue;
    }
    addToTotals(run, batch);
    run.attempts = 0;
    run.onBatch?.(batch, pending);
  }
  return batches.length > 0 ? 'committed' : 'idle';
}

function recordUnreadable(run: Run, { files, failures }: NextBatch): void {
  for (const { name } of files) run.unreadable.delete(name);
  for (const { file, reason } of failures) {
    run.unreadable.set(file, reason);
    sayOnce(run, `Left for later: ${reason}`);
  }
}

/** Windows close when the watermark reaches another hour; a run that ends has closed them once. */
async function closeWindows({ connection, state }: Writer): Promise<void> {
  const hour = hourOfWatermark(state.position.maxEventTs);
  if (hour === state.compactedHour) return;
  await compactWindows(connection);
  state.compactedHour = hour;
}

function reportIfEmpty({ run, state }: Writer): void {
  if (state.ingested.size === 0 && run.unreadable.size === 0)
    run.say(`There are no event files in ${run.volume}.`);
}

async function waitForMore({ run, state }: Writer): Promise<void> {
  if (state.ingested.size === 0) sayOnce(run, `Waiting for the first file in ${run.volume}.`);
  await waitForFiles(run.volume, run.signal);
}
