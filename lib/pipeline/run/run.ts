import { resolve } from 'node:path';
import { describeError } from '#db/connection-error.ts';
import { messageOf } from '#lib/errors.ts';
import { readPipelineTime } from '../parse/event-time.ts';
import { setAddressKey } from '../writer/address-key.ts';
import { isTransient } from '../writer/database-errors.ts';
import { asOnlyWriter } from '../writer/only-writer.ts';
import { ingestLoop } from './ingest-loop.ts';
import type { PipelineCounts, PipelineOptions } from './options.ts';
import { ReadAhead } from './read-ahead.ts';
import { recordRunEnd, recordRunStart } from './record-run.ts';
import { countsOf, noCounts, type Run } from './run-state.ts';

const MIN_RETRY_MS = 500;
const MAX_RETRY_MS = 5000;

/**
 * Moves the event files of a volume through bronze, silver and gold, each file exactly once.
 * @throws OperatorError in mode `once` if the database is lost; other modes try again, with a growing delay.
 */
export async function runPipeline(options: PipelineOptions): Promise<PipelineCounts> {
  const volume = resolve(options.volume);
  const { clock, mode } = options;
  const readTime = () => readPipelineTime(volume, clock, () => undefined);
  const run: Run = {
    ...options,
    volume,
    totals: { ...noCounts },
    unreadable: new Map(),
    reported: new Set(),
    attempts: 0,
    readAhead: new ReadAhead({ ...options, volume, watermark: mode !== 'once', readTime }),
  };
  const work = run.mode === 'scheduled' ? runOnSchedule(run) : runUntilEnded(run);
  await work
    .catch(async (error: unknown) => {
      if (!isTransient(error)) await logEnd(run, { error });
      throw error;
    })
    .finally(() => run.readAhead.close());
  const counts = countsOf(run);
  await logEnd(run, { counts });
  return counts;
}

/** Ingests at the start and every `everyMs` from then on, each time as a run of its own in the event log. */
async function runOnSchedule(run: Run): Promise<void> {
  const { clock, sleep, signal, everyMs = 0 } = run;
  const started = clock.now().getTime();
  while (!signal.aborted) {
    run.unreadable.clear();
    await runUntilEnded(run);
    if (signal.aborted) return;
    await logEnd(run, { counts: countsOf(run) });
    delete run.runId;
    await sleep(everyMs - ((clock.now().getTime() - started) % everyMs), signal);
  }
}

async function runUntilEnded(run: Run): Promise<void> {
  let isEnded = false;
  while (!isEnded) {
    isEnded = await asOnlyWriter(run, async (connection) => {
      await setAddressKey(connection, run.addressKey);
      await recordRunStart(connection, run);
      await ingestLoop(run, connection);
    }).then(
      () => true,
      (error: unknown) => waitForDatabase(run, error),
    );
  }
}

/** Waits for the database to come back. @returns whether the run ended in the meantime. */
async function waitForDatabase(run: Run, error: unknown): Promise<boolean> {
  if (!isTransient(error)) throw error;
  if (run.mode === 'once') throw describeError(error) ?? error;
  const delay = Math.min(MIN_RETRY_MS * 2 ** run.attempts, MAX_RETRY_MS);
  run.attempts += 1;
  run.say(
    `No database: ${messageOf(error)}. The current batch was rolled back; trying again in ${delay / 1000} s.`,
  );
  await run.sleep(delay, run.signal);
  return run.signal.aborted;
}

/** A run whose end cannot be logged has ended all the same; the next run then takes over. */
async function logEnd(run: Run, outcome: Parameters<typeof recordRunEnd>[2]): Promise<void> {
  await recordRunEnd(run.db.pool, run, outcome).catch((error: unknown) =>
    run.say(`The end of the run is not in the event log: ${messageOf(error)}`),
  );
}
