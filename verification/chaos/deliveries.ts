import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep, systemClock } from '#lib/clock.ts';
import { defaultLimits, runPipeline } from '#lib/pipeline/index.ts';
import { emptyLakehouse } from '#lib/pipeline/lakehouse.testing.ts';
import { integer, type Source, stream } from '#lib/random.ts';
import { readPostgres, shapes } from '../oracle/shapes.ts';
import { judge } from './judge.ts';
import { type Bench, withBench } from './lab.ts';
import type { ChaosPart } from './part.ts';
import { makeEvents } from './world.ts';

const ORDERS = 9;

/** Every event delivered one to five times, in files that are cut and ordered anew each time. */
export const deliveries: ChaosPart = {
  goal: 'files that come more than once and in any order make the lakehouse that they make once, in order',
  times: 1000,
  short: 12,
  run: (context) =>
    withBench(context.lab, async (bench) => {
      const lines = makeEvents(context.seed, ORDERS).map((event) => JSON.stringify(event));
      await writeFile(join(bench.volume, 'all.json'), lines.join('\n'));
      await deliver(bench, [lines], context.signal);
      const problems = await judge(bench);
      const meant = await digest(bench);
      let delivered = 0;
      for (let n = 0; n < context.times && !context.signal.aborted; n += 1) {
        const files = cut(lines, stream(context.seed, 'delivery', n));
        delivered += files.length;
        await emptyLakehouse(bench.db.pool);
        await deliver(bench, files, context.signal);
        const other = differing(meant, await digest(bench));
        if (other.length > 0) problems.push(`order ${n}: another ${other.join(', ')}`);
        if ((n + 1) % 250 === 0) context.say(`${n + 1} orders of delivery`);
      }
      return { figures: { orders: context.times, files: delivered }, problems };
    }),
};

/** Cuts the lines into files, each of which comes one to five times, as it is or shuffled, and some lines again. */
function cut(lines: readonly string[], random: Source): string[][] {
  const perFile = integer(random, 10, 60);
  const whole = Array.from({ length: Math.ceil(lines.length / perFile) }, (_, n) =>
    lines.slice(n * perFile, (n + 1) * perFile),
  );
  const copies = whole.flatMap((file) =>
    Array.from({ length: integer(random, 1, 5) }, () => (random() < 0.5 ? file : shuffle(file, random))),
  );
  const again = shuffle(lines, random).slice(0, integer(random, 0, lines.length));
  return shuffle([...copies, again], random);
}

function shuffle<Value>(values: readonly Value[], random: Source): Value[] {
  return values
    .map((value) => ({ value, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ value }) => value);
}

async function deliver({ db }: Bench, files: readonly string[][], signal: AbortSignal): Promise<void> {
  const volume = await mkdtemp(join(tmpdir(), 'caspers-chaos-delivery-'));
  for (const [n, file] of files.entries())
    await writeFile(join(volume, `${String(n).padStart(4, '0')}.json`), file.join('\n'));
  const limits = { ...defaultLimits, maxFiles: 1 + (files.length % 7) };
  const say = () => undefined;
  await runPipeline({ db, volume, mode: 'once', limits, clock: systemClock, sleep, signal, say });
  await rm(volume, { recursive: true });
}

/** One hash for every table, over all that does not tell when and from where a row came. */
async function digest({ db }: Bench): Promise<Map<string, string>> {
  const selects = shapes.map(
    (shape) => `
      select '${shape.table}' as name, md5(coalesce(string_agg(whole::text, '|' order by whole::text), '')) as hash
      from (${readPostgres(shape)}) as whole`,
  );
  const { rows } = await db.pool.query<{ name: string; hash: string }>(selects.join(' union all '));
  return new Map(rows.map(({ name, hash }) => [name, hash]));
}

function differing(meant: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): string[] {
  return [...meant].filter(([name, hash]) => found.get(name) !== hash).map(([name]) => name);
}
