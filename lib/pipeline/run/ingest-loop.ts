import type { Connection } from '#db/client.ts';
import { failpoint } from '#lib/failpoint.ts';
import { listFiles } from '#lib/volume/index.ts';
import { type Position, readCheckpoint } from '../commit/checkpoint.ts';
import { type CommittedBatch, countDuplicates, type LostBatch } from '../commit/commit-batch.ts';
import { listTaken } from '../commit/ledger.ts';
import { runMicroBatch, type Target } from '../commit/micro-batch.ts';
import { follows, type Prepared, prepareBatch } from '../commit/prepare-batch.ts';
import { recordEvent } from '../event-log/record-event.ts';
import { compactWindows, hourOfWatermark } from '../maintenance/compact-windows.ts';
import { readPipelineTime } from '../parse/event-time.ts';
import { type RequestBatch, takeRequests } from '../requests/take-requests.ts';
import { noteChanged } from './note-changed.ts';
import type { PipelineCounts, PipelineOptions } from './options.ts';
import type { NextBatch, ReadAhead } from './read-ahead.ts';
import { waitForFiles } from './wait-for-files.ts';

/** A run and what it has come to: totals, files that cannot be read now, and what was already said. */
export type Run = PipelineOptions & {
  totals: Omit<PipelineCounts, 'failures'>;
  failing: Map<string, string>;
  told: Set<string>;
  attempts: number;
  runId?: number;
  ahead: ReadAhead;
};

/** What a writer knows of the database, so that a poll is one listing; read anew with every connection. */
type Known = {
  position: Position;
  taken: Set<string>;
  /** Whether the last batch had events that had been taken long before: the next ones may, too. */
  careful: boolean;
  compactedIn?: string;
  checkedAt?: number;
};

/** Takes the files of the volume as they come, until there are no more (unless `continuous`) or the signal ends it. */
export async function followVolume(run: Run, connection: Connection): Promise<void> {
  await run.ahead.drop();
  let known = await readKnown(run, connection);
  while (!run.signal.aborted) {
    failpoint('after-read-known');
    const requests = await takeRequests(await targetOf(run, connection, known));
    const asked = await note(run, connection, known, requests);
    if (asked === 'checkpoint_moved') known = await readKnown(run, connection);
    known.checkedAt = await noteChanged(connection, run, known.checkedAt);
    const pending = await listPending(run, known);
    failpoint('after-list-files');
    if (pending.length === 0 && run.mode !== 'continuous') return sayIfEmpty(run, known);
    const drained = await drain(run, connection, known, pending);
    await closeWindows(connection, known);
    if (drained === 'checkpoint_moved') known = await readKnown(run, connection);
    else if (drained === 'nothing' && run.mode === 'continuous') await idle(run, known);
  }
}

async function readKnown(run: Run, connection: Connection): Promise<Known> {
  const position = await readCheckpoint(connection);
  return { position, taken: await listTaken(connection, run.volume), careful: false };
}

async function listPending(run: Run, { taken }: Known): Promise<string[]> {
  const { files, skipped } = await listFiles(run.volume);
  for (const { name, why } of skipped) tellOnce(run, `${name} is not read: ${why}.`);
  return files.filter((name) => !taken.has(name) && !(run.mode !== 'continuous' && run.failing.has(name)));
}

/** Windows close with an hour of the watermark; a drain that is done closes them once. */
async function closeWindows(connection: Connection, known: Known): Promise<void> {
  const hour = hourOfWatermark(known.position.newestTs);
  if (hour === known.compactedIn) return;
  await compactWindows(connection);
  known.compactedIn = hour;
}

type Drained = 'progress' | 'nothing' | 'checkpoint_moved';

async function drain(run: Run, connection: Connection, known: Known, pending: string[]): Promise<Drained> {
  let drained: Drained = 'nothing';
  let rest = pending;
  while (rest.length > 0 && !run.signal.aborted && drained !== 'checkpoint_moved') {
    const next = await run.ahead.next(rest);
    rest = rest.slice(next.seen);
    noteFailures(run, next);
    if (next.files.length > 0) drained = await take(run, connection, known, next, rest);
  }
  await run.ahead.drop();
  return drained;
}

async function take(
  run: Run,
  connection: Connection,
  known: Known,
  next: NextBatch,
  rest: readonly string[],
): Promise<Drained> {
  const { reader, id, files, prepared } = next;
  const names = files.map(({ name }) => name);
  const target = await targetOf(run, connection, known);
  const source = { reader, id, files, names };
  const ready =
    prepared && follows(prepared, target.position)
      ? prepared
      : await prepareBatch(connection, target, source, {});
  const { batchId } = ready.options.context;
  const { newestTs, keys } = ready.batch;
  const careful = known.careful || ready.repeats;
  run.ahead.begin(rest, next, { position: { batchId, newestTs }, keys, careful });
  const batches = await runMicroBatch(target, source, { prepared: ready });
  await reader.forget(id);
  known.careful = ready.repeats || batches.some((batch) => hasMore(batch, ready));
  const drained = await note(run, connection, known, batches, rest.length);
  if (drained === 'progress') for (const name of names) known.taken.add(name);
  return drained;
}

/** Whether a batch had more duplicates than showed when it was prepared. */
function hasMore(batch: CommittedBatch | LostBatch, { batch: parsed }: Prepared): boolean {
  return batch.outcome === 'committed' && batch.duplicates > countDuplicates(parsed);
}

async function targetOf(run: Run, connection: Connection, { position }: Known): Promise<Target> {
  const { volume, clock, actions } = run;
  const now = await readPipelineTime(volume, clock, (message) => tellOnce(run, message));
  return { connection, volume, clock, position, now, watermark: run.mode !== 'once', actions };
}

/** Takes down what came of batches, up to the first that another writer took the place of. */
async function note(
  run: Run,
  connection: Connection,
  known: Known,
  batches: readonly RequestBatch[],
  pending = 0,
): Promise<Drained> {
  for (const batch of batches) {
    if (batch.outcome === 'checkpoint_moved') {
      const message = `Batch ${batch.batchId} was written by someone else meanwhile; reading again what is there.`;
      run.say(message);
      await recordEvent(connection, { at: run.clock.now(), level: 'warn', type: 'batch_lost', message });
      return batch.outcome;
    }
    known.position = batch;
    if (batch.outcome === 'committed') addTotals(run, batch, pending);
    else run.say(`batch ${batch.batchId}: ${batch.orders} late orders admitted`);
  }
  return batches.length > 0 ? 'progress' : 'nothing';
}

function noteFailures(run: Run, { files, failures }: NextBatch): void {
  for (const { name } of files) run.failing.delete(name);
  for (const { file, why } of failures) {
    run.failing.set(file, why);
    tellOnce(run, `Left for later: ${why}`);
  }
}

function addTotals(run: Run, batch: CommittedBatch, pending: number): void {
  const { totals } = run;
  totals.batches += 1;
  totals.files += batch.files;
  totals.duplicateFiles += batch.duplicateFiles;
  totals.records += batch.records;
  totals.events += batch.events;
  totals.duplicates += batch.duplicates;
  totals.quarantined += batch.quarantined;
  totals.late += batch.late;
  run.attempts = 0;
  run.onBatch?.(batch, pending);
}

function sayIfEmpty(run: Run, { taken }: Known): void {
  if (taken.size === 0 && run.failing.size === 0) run.say(`There are no event files in ${run.volume}.`);
}

async function idle(run: Run, { taken }: Known): Promise<void> {
  if (taken.size === 0) tellOnce(run, `Waiting for the first file in ${run.volume}.`);
  await waitForFiles(run.volume, run.signal);
}

function tellOnce(run: Run, message: string): void {
  if (run.told.has(message)) return;
  run.told.add(message);
  run.say(message);
}
