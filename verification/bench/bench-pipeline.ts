import { copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { type Connection, type Database, inTransaction } from '#db/client.ts';
import { listFiles } from '#lib/volume/index.ts';
import { timeOracle } from '../oracle/compute.ts';
import { drainVolume } from '../setup/drain-volume.ts';
import { type Figure, timed } from './figure.ts';

/** Drains a volume to gold; the baseline copies the same rows into a table with a key, in as many transactions. */
export async function benchPipeline(db: Database, volume: string, signal: AbortSignal): Promise<Figure> {
  const { seconds, result } = await timed(() => drainVolume({ db, volume, signal }));
  return {
    what: 'pipeline, files to gold',
    count: result.events,
    unit: 'events',
    seconds,
    baseline: 'COPY of the same rows into a keyed table',
    ratio: seconds / (await copyRows(db, result.batches)),
  };
}

/** Ingests the files of a volume that are not in `before` on top of a full history; the baseline starts with an empty one. */
export async function benchNextDay(
  { full, empty }: { full: Database; empty: Database },
  volume: string,
  before: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Figure> {
  const newFiles = `${volume}-new`;
  await mkdir(newFiles);
  for (const name of (await listFiles(volume)).files)
    if (!before.has(name)) await cp(join(volume, name), join(newFiles, name));
  const baseline = await timed(() => drainVolume({ db: empty, volume: newFiles, signal }));
  const { seconds, result } = await timed(() => drainVolume({ db: full, volume, signal }));
  return {
    what: 'pipeline, one more day on a full history',
    count: result.events,
    unit: 'events',
    seconds,
    baseline: 'the same day on an empty history',
    ratio: seconds / baseline.seconds,
  };
}

/** DuckDB computes gold from the same files in memory; the baseline is the pipeline. */
export async function benchDuckdb(volume: string, pipeline: Figure): Promise<Figure> {
  const seconds = await timeOracle({ files: [join(volume, '*.json')] });
  return {
    what: 'DuckDB, the same files to gold in memory',
    count: pipeline.count,
    unit: 'events',
    seconds,
    baseline: pipeline.what,
    ratio: seconds / pipeline.seconds,
  };
}

/** One line in so many is truncated, or repeated in the next file; one file in so many is copied. */
const TRUNCATED = 10;
const REPEATED = 10;
const COPIED = 20;

/** As `benchPipeline`, with truncated records, records that are repeated in other files, and files that come twice. */
export async function benchHostile(db: Database, volume: string, signal: AbortSignal): Promise<Figure> {
  const hostile = `${volume}-hostile`;
  await mkdir(hostile);
  await writeHostileFiles(volume, hostile);
  return { ...(await benchPipeline(db, hostile, signal)), what: 'pipeline, hostile files to gold' };
}

async function writeHostileFiles(from: string, to: string): Promise<void> {
  let repeated: string[] = [];
  for (const [index, name] of (await listFiles(from)).files.entries()) {
    const lines = (await readFile(join(from, name), 'utf8')).trimEnd().split('\n');
    const mutated = lines.flatMap((line, n) => (n % TRUNCATED === 0 ? [line, line.slice(0, -20)] : [line]));
    await writeFile(join(to, name), [...mutated, ...repeated, ''].join('\n'));
    if (index % COPIED === 0) await copyFile(join(to, name), join(to, `${name}-copy.json`));
    repeated = lines.filter((_line, n) => n % REPEATED === 0);
  }
}

/** The seconds to copy the rows of each batch of bronze into a table that has only the same key. */
async function copyRows({ pool }: Database, batches: number): Promise<number> {
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
