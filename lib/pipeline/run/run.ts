import { resolve } from 'node:path';
import { describeError } from '#db/connection-error.ts';
import { messageOf } from '#lib/errors.ts';
import { readPipelineTime } from '../parse/event-time.ts';
import { isTransient } from '../writer/is-transient.ts';
import { asOnlyWriter } from '../writer/session.ts';
import { followVolume, type Run } from './ingest-loop.ts';
import type { PipelineCounts, PipelineOptions } from './options.ts';
import { ReadAhead } from './read-ahead.ts';
import { recordRunBegin, recordRunEnd } from './record-run.ts';

const SHORTEST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 5000;

const noCounts = {
  batches: 0,
  files: 0,
  duplicateFiles: 0,
  records: 0,
  events: 0,
  duplicates: 0,
  quarantined: 0,
  late: 0,
};

/**
 * Moves the event files of a volume through bronze, silver and gold, each file exactly once.
 * @throws OperatorError in mode `once` where the database is lost; `continuous` tries again, ever more slowly.
 */
export async function runPipeline(options: PipelineOptions): Promise<PipelineCounts> {
  const volume = resolve(options.volume);
  const { clock, mode } = options;
  const readTime = () => readPipelineTime(volume, clock, () => undefined);
  const run: Run = {
    ...options,
    volume,
    totals: { ...noCounts },
    failing: new Map(),
    told: new Set(),
    attempts: 0,
    ahead: new ReadAhead({ ...options, volume, watermark: mode !== 'once', readTime }),
  };
  const work = run.mode === 'scheduled' ? onSchedule(run) : untilEnded(run);
  await work
    .catch(async (error: unknown) => {
      if (!isTransient(error)) await noteEnd(run, { error });
      throw error;
    })
    .finally(() => run.ahead.close());
  const counts = countsOf(run);
  await noteEnd(run, { counts });
  return counts;
}

/** Drains at the begin and every `everyMs` from then on, each time as a run of its own in the log. */
async function onSchedule(run: Run): Promise<void> {
  const { clock, sleep, signal, everyMs = 0 } = run;
  const begun = clock.now().getTime();
  while (!signal.aborted) {
    run.failing.clear();
    await untilEnded(run);
    if (signal.aborted) return;
    await noteEnd(run, { counts: countsOf(run) });
    delete run.runId;
    await sleep(everyMs - ((clock.now().getTime() - begun) % everyMs), signal);
  }
}

async function untilEnded(run: Run): Promise<void> {
  let ended = false;
  while (!ended) {
    ended = await asOnlyWriter(run, async (connection) => {
      await recordRunBegin(connection, run);
      await followVolume(run, connection);
    }).then(
      () => true,
      (error: unknown) => recover(run, error),
    );
  }
}

function countsOf({ totals, failing }: Run): PipelineCounts {
  return { ...totals, failures: [...failing].map(([file, why]) => ({ file, why })) };
}

/** A run whose end the database does not take has ended all the same; the next one then says that it took over. */
async function noteEnd(run: Run, outcome: Parameters<typeof recordRunEnd>[2]): Promise<void> {
  await recordRunEnd(run.db.pool, run, outcome).catch((error: unknown) =>
    run.say(`The end of the run is not in the event log: ${messageOf(error)}`),
  );
}

/** Waits for the database to come back. @returns whether the run ended meanwhile. */
async function recover(run: Run, error: unknown): Promise<boolean> {
  if (!isTransient(error)) throw error;
  if (run.mode === 'once') throw describeError(error) ?? error;
  const delay = Math.min(SHORTEST_DELAY_MS * 2 ** run.attempts, LONGEST_DELAY_MS);
  run.attempts += 1;
  run.say(
    `No database: ${messageOf(error)}. The batch at hand was rolled back; trying again in ${delay / 1000} s.`,
  );
  await run.sleep(delay, run.signal);
  return run.signal.aborted;
}
