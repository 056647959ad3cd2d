import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm/sql';
import { integer as integerColumn } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { OrderEvent } from '#lib/contract/event.ts';
import type { PipelineCounts } from '#lib/pipeline/index.ts';
import { integer, stream } from '#lib/random.ts';
import { drainVolume } from '../../setup/drain-volume.ts';
import { checkLakehouse } from '../sandbox/check-lakehouse.ts';
import type { Experiment, ExperimentContext } from '../sandbox/experiment.ts';
import { makeEvents } from '../sandbox/make-events.ts';
import { type Sandbox, withSandbox } from '../sandbox/sandbox.ts';
import { fileMutations } from './file-mutations.ts';
import { linesOf, type MutatedFile } from './mutation.ts';
import { recordMutations } from './record-mutations.ts';

const classes = Object.entries({ ...fileMutations, ...recordMutations });

/** Files mutated in every way of the two lists, with the events that must be ingested from each. */
export const mutations: Experiment = {
  goal: 'whatever a file holds, the pipeline continues: every valid record is ingested, every other one quarantined',
  times: 10_000,
  timesInTests: 240,
  run: (context) =>
    withSandbox(context.server, async (sandbox) => {
      const folder = await mkdtemp(join(tmpdir(), 'caspers-chaos-expected-'));
      const expected = join(folder, 'expected.ndjson');
      const written = await writeFiles(context, sandbox, expected);
      const started = performance.now();
      const counts = await drainVolume({ ...sandbox, signal: context.signal });
      const seconds = Math.round((performance.now() - started) / 100) / 10;
      const problems = [
        ...checkCounts(written, counts),
        ...(await checkRules(sandbox)),
        ...(await checkLakehouse(sandbox, expected)),
      ];
      await rm(folder, { recursive: true });
      const { files, events, duplicates, quarantined } = counts;
      const figures = { classes: classes.length, files, events, duplicates, quarantined, seconds };
      return { figures, problems };
    }),
};

type Written = { files: number; events: number; quarantines: number };

async function writeFiles(
  { seed, times }: ExperimentContext,
  { volume }: Sandbox,
  expected: string,
): Promise<Written> {
  const written = { files: 0, events: 0, quarantines: 0 };
  await writeFile(expected, '');
  for (let n = 0; n < times; n += 1) {
    const file = mutate(seed, n);
    await writeFile(join(volume, `${String(n).padStart(6, '0')}.json`), file.bytes);
    const lines = linesOf(file.expected).map((line) => `${line}\n`);
    await appendFile(expected, lines.join(''));
    written.files += 1;
    written.events += file.expected.length;
    written.quarantines += file.quarantines ? 1 : 0;
  }
  // Entries with the name of an event file that are not files.
  await mkdir(join(volume, 'folder.json'));
  await symlink(join(volume, 'nowhere'), join(volume, 'link.json'));
  await writeFile(join(volume, 'half.json.tmp'), '{"event_id": "half');
  return written;
}

function mutate(seed: number, n: number): MutatedFile {
  const random = stream(seed, 'mutation', n);
  const [name, mutation] = classes[n % classes.length] ?? [];
  if (!mutation) throw new Error(`there is no mutation ${name}`);
  const events: OrderEvent[] = makeEvents(seed * 1_000_003 + n, 1);
  const start = integer(random, 1, events.length - 1);
  return mutation([...events.slice(0, 1), ...events.slice(start)], random);
}

function checkCounts(written: Written, counts: PipelineCounts): string[] {
  const { files, records, events, duplicates, quarantined, failures } = counts;
  return [
    ...(files === written.files ? [] : [`${written.files} files were written, ${files} ingested`]),
    ...(failures.length === 0 ? [] : [`${failures.length} files failed: ${failures[0]?.reason}`]),
    ...(records === events + duplicates + quarantined
      ? []
      : [`${records} records are not all accounted for`]),
    ...(events === written.events ? [] : [`${written.events} events are valid, ${events} were ingested`]),
    ...(quarantined >= written.quarantines ? [] : [`only ${quarantined} records are in quarantine`]),
  ];
}

const countRefused = statement({
  returns: { records: integerColumn },
  sql: () => sql`
    select count(*)::integer as records from lakeflow.quarantined_records where rule = 'refused_by_database'`,
});

async function checkRules({ db }: Sandbox): Promise<string[]> {
  const [refused] = await countRefused(db.pool, {});
  return refused?.records === 0
    ? []
    : [`the database refused ${refused?.records} records that no rule had caught`];
}
