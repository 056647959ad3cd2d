import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { type Connection, type Database, inTransaction } from '#db/client.ts';
import { sleep, systemClock } from '#lib/clock.ts';
import { defaultLimits, type PipelineCounts, runPipeline } from '#lib/pipeline/index.ts';
import { listFiles } from '#lib/volume/index.ts';
import type { Figure } from './figure.ts';
import { timed } from './scratch.ts';

/** Files to gold, exactly once; the baseline copies the same rows into a keyed table in as many transactions. */
export async function benchPipeline(db: Database, volume: string, signal: AbortSignal): Promise<Figure> {
  const { seconds, result } = await timed(() => drain(db, volume, signal));
  return {
    what: 'pipeline, files to gold',
    count: result.events,
    unit: 'events',
    seconds,
    baseline: 'COPY of the same rows into a keyed table',
    ratio: seconds / (await copyAgain(db, result.batches)),
  };
}

/** The files that a volume has beyond `before`, on a full history; the baseline takes them into an empty one. */
export async function benchHistory(
  { full, empty }: { full: Database; empty: Database },
  volume: string,
  before: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Figure> {
  const apart = `${volume}-apart`;
  await mkdir(apart);
  for (const name of (await listFiles(volume)).files)
    if (!before.has(name)) await cp(join(volume, name), join(apart, name));
  const baseline = await timed(() => drain(empty, apart, signal));
  const { seconds, result } = await timed(() => drain(full, volume, signal));
  return {
    what: 'pipeline, one more day on a full history',
    count: result.events,
    unit: 'events',
    seconds,
    baseline: 'the same day on an empty history',
    ratio: seconds / baseline.seconds,
  };
}

function drain(db: Database, volume: string, signal: AbortSignal): Promise<PipelineCounts> {
  const say = () => undefined;
  return runPipeline({
    db,
    volume,
    mode: 'once',
    limits: defaultLimits,
    clock: systemClock,
    sleep,
    signal,
    say,
  });
}

/** Seconds to copy the rows of each batch of bronze into a table that has the same key and nothing else. */
async function copyAgain({ pool }: Database, batches: number): Promise<number> {
  await pool.query('create table public.raw_events (like lakeflow.all_events, primary key (event_id))');
  let total = 0;
  for (let batch = 1; batch <= batches; batch += 1) {
    const rows = await inTransaction(pool, (connection) => readBatch(connection, batch));
    const { seconds } = await timed(() =>
      inTransaction(pool, (connection) =>
        pipeline(
          Readable.from([rows], { objectMode: false }),
          connection.query(copyFrom('copy public.raw_events from stdin (format binary)')),
        ),
      ),
    );
    total += seconds;
  }
  return total;
}

function readBatch(connection: Connection, batch: number): Promise<Buffer> {
  const rows = `select * from lakeflow.all_events where batch_id = ${batch}`;
  return buffer(connection.query(copyTo(`copy (${rows}) to stdout (format binary)`)));
}
