import { setImmediate as nextTurn } from 'node:timers/promises';
import { formatFileName, writeFilesAtomically } from '#lib/volume/index.ts';
import { writeManifests } from '../faults/manifest.ts';
import type { LocationRun, Window } from './location-run.ts';

const HOUR = 3_600_000;
/** The size of a batch of files. The next batch is generated while the last one is written. */
const MAX_BATCH = { files: 32, bytes: 4_000_000 };

type WriteOptions = {
  signal: AbortSignal;
  /** Called after the files of some windows are written, with the end of the last one (epoch ms). */
  onWindow?: ((end: number) => void) | undefined;
};

type GeneratedFile = Omit<Window, 'text'> & {
  run: LocationRun;
  end: number;
  name: string;
  content: Buffer;
};

/**
 * Writes all events of the runs up to `to` (epoch ms): one file per location and hour of simulated time, the last one
 * ending at `to`. All locations advance together, so that a reader sees events nearly in order of time. Backfill and
 * live runs both use this. Stops between two windows when `signal` aborts.
 */
export async function writeEventsUntil(
  runs: LocationRun[],
  volume: string,
  to: number,
  { signal, onWindow }: WriteOptions,
): Promise<void> {
  let end = Math.min(...runs.map(({ position }) => position));
  let awaitWritten = deferFailure(Promise.resolve());
  while (end < to && !signal.aborted) {
    const batch = await generateBatch(runs, { from: end, to, signal });
    end = batch.end;
    await awaitWritten();
    awaitWritten = deferFailure(writeBatch(batch.files, volume).then(() => onWindow?.(batch.end)));
  }
  await awaitWritten();
}

/** Generates some hours of all runs. It yields between hours, so that the last batch can be written meanwhile. */
async function generateBatch(
  runs: LocationRun[],
  { from, to, signal }: { from: number; to: number; signal: AbortSignal },
): Promise<{ files: GeneratedFile[]; end: number }> {
  const files: GeneratedFile[] = [];
  let end = from;
  while (end < to && !signal.aborted && !isFull(files)) {
    end = Math.min(to, (Math.floor(end / HOUR) + 1) * HOUR);
    for (const run of runs) files.push(...generateFile(run, end));
    await nextTurn();
  }
  return { files, end };
}

/** Starts work in the background: a failure is thrown by the returned function, not as an unhandled rejection before. */
function deferFailure(work: Promise<unknown>): () => Promise<void> {
  const outcome = work.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  return async () => {
    const failure = await outcome;
    if (failure) throw failure.error;
  };
}

function isFull(files: GeneratedFile[]): boolean {
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
  return files.length >= MAX_BATCH.files || bytes >= MAX_BATCH.bytes;
}

function generateFile(run: LocationRun, end: number): GeneratedFile[] {
  if (end <= run.position) return [];
  const { text, ...window } = run.windows.take(end);
  const name = formatFileName(new Date(end), run.location);
  return [{ ...window, run, end, name, content: Buffer.from(text) }];
}

/** A window without events has no file. After a restart it is generated again, with the same result. */
async function writeBatch(batch: GeneratedFile[], volume: string): Promise<void> {
  const files = batch.filter(({ content }) => content.length > 0);
  await writeManifests(volume, files);
  if (files.length > 0) await writeFilesAtomically(volume, files);
  for (const { run, end, content, orders, events } of batch) {
    run.position = end;
    run.written.events += events;
    run.written.orders += orders;
    if (content.length === 0) continue;
    run.written.files += 1;
    run.lastFileEnd = end;
  }
}
