import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep, systemClock } from '#lib/clock.ts';
import type { OrderEvent } from '#lib/contract/event.ts';
import { defaultLimits, type PipelineCounts, runPipeline } from '#lib/pipeline/index.ts';
import { integer, stream } from '#lib/random.ts';
import { judge } from '../judge.ts';
import { type Bench, withBench } from '../lab.ts';
import type { ChaosContext, ChaosPart } from '../part.ts';
import { makeEvents } from '../world.ts';
import { changedFiles } from './changed-files.ts';
import { damagedRecords } from './damaged-records.ts';
import { linesOf, type MutatedFile } from './mutation.ts';

const classes = Object.entries({ ...changedFiles, ...damagedRecords });

/** Files that are mutated in every way that there is a class of, with a known truth for each. */
export const mutations: ChaosPart = {
  goal: 'whatever a file holds, the stream goes on: every sound record is taken, every other one quarantined',
  times: 10_000,
  short: 240,
  run: (context) =>
    withBench(context.lab, async (bench) => {
      const folder = await mkdtemp(join(tmpdir(), 'caspers-chaos-truth-'));
      const truth = join(folder, 'truth.ndjson');
      const written = await writeAll(context, bench, truth);
      const started = performance.now();
      const counts = await drain(context, bench);
      const seconds = Math.round((performance.now() - started) / 100) / 10;
      const problems = [
        ...check(written, counts),
        ...(await checkRules(bench)),
        ...(await judge(bench, truth)),
      ];
      await rm(folder, { recursive: true });
      const { files, events, duplicates, quarantined } = counts;
      const figures = { classes: classes.length, files, events, duplicates, quarantined, seconds };
      return { figures, problems };
    }),
};

type Written = { files: number; events: number; quarantines: number };

async function writeAll({ seed, times }: ChaosContext, { volume }: Bench, truth: string): Promise<Written> {
  const written = { files: 0, events: 0, quarantines: 0 };
  await writeFile(truth, '');
  for (let n = 0; n < times; n += 1) {
    const file = mutate(seed, n);
    await writeFile(join(volume, `${String(n).padStart(6, '0')}.json`), file.bytes);
    await appendFile(
      truth,
      linesOf(file.truth)
        .map((line) => `${line}\n`)
        .join(''),
    );
    written.files += 1;
    written.events += file.truth.length;
    written.quarantines += file.quarantines ? 1 : 0;
  }
  // What is named like a file and is none.
  await mkdir(join(volume, 'folder.json'));
  await symlink(join(volume, 'nowhere'), join(volume, 'link.json'));
  await writeFile(join(volume, 'half.json.tmp'), '{"event_id": "half');
  return written;
}

function mutate(seed: number, n: number): MutatedFile {
  const random = stream(seed, 'mutation', n);
  const [name, mutation] = classes[n % classes.length] ?? [];
  if (!mutation) throw new Error(`there is no class ${name}`);
  const events: OrderEvent[] = makeEvents(seed * 1_000_003 + n, 1);
  const start = integer(random, 1, events.length - 1);
  return mutation([...events.slice(0, 1), ...events.slice(start)], random);
}

async function drain({ signal }: ChaosContext, { db, volume }: Bench): Promise<PipelineCounts> {
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

function check(written: Written, counts: PipelineCounts): string[] {
  const { files, records, events, duplicates, quarantined, failures } = counts;
  return [
    ...(files === written.files ? [] : [`${written.files} files were written, ${files} taken`]),
    ...(failures.length === 0 ? [] : [`${failures.length} files failed: ${failures[0]?.why}`]),
    ...(records === events + duplicates + quarantined
      ? []
      : [`${records} records are not all accounted for`]),
    ...(events === written.events ? [] : [`${written.events} events are sound, ${events} were taken`]),
    ...(quarantined >= written.quarantines ? [] : [`only ${quarantined} records are in quarantine`]),
  ];
}

async function checkRules({ db }: Bench): Promise<string[]> {
  const { rows } = await db.pool.query<{ n: number }>(
    `select count(*)::integer as n from lakeflow.quarantined_records where rule = 'refused_by_database'`,
  );
  const refused = rows[0]?.n ?? 0;
  return refused === 0 ? [] : [`the database refused ${refused} records that no rule had named`];
}
