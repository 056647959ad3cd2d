import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm/sql';
import { text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { emptyLakehouse } from '#lib/pipeline/lakehouse.testing.ts';
import { integer, type Source, stream } from '#lib/random.ts';
import { readPostgres, shapes } from '../../oracle/shapes.ts';
import { drainVolume } from '../../setup/drain-volume.ts';
import { checkLakehouse } from '../sandbox/check-lakehouse.ts';
import type { Experiment } from '../sandbox/experiment.ts';
import { makeEvents } from '../sandbox/make-events.ts';
import { type Sandbox, withSandbox } from '../sandbox/sandbox.ts';

const ORDERS = 9;

/** Every event is delivered one to five times, in files that are cut and ordered differently each time. */
export const deliveries: Experiment = {
  goal: 'files delivered more than once and in any order give the same lakehouse as once and in order',
  times: 1000,
  timesInTests: 12,
  run: (context) =>
    withSandbox(context.server, async (sandbox) => {
      const lines = makeEvents(context.seed, ORDERS).map((event) => JSON.stringify(event));
      await writeFile(join(sandbox.volume, 'all.json'), lines.join('\n'));
      await deliver(sandbox, [lines], context.signal);
      const problems = await checkLakehouse(sandbox);
      const expected = await hashTables(sandbox);
      let delivered = 0;
      for (let n = 0; n < context.times && !context.signal.aborted; n += 1) {
        const files = cutFiles(lines, stream(context.seed, 'delivery', n));
        delivered += files.length;
        await emptyLakehouse(sandbox.db.pool);
        await deliver(sandbox, files, context.signal);
        const different = listDifferent(expected, await hashTables(sandbox));
        if (different.length > 0) problems.push(`delivery ${n}: ${different.join(', ')} differ`);
        if ((n + 1) % 250 === 0) context.say(`${n + 1} deliveries`);
      }
      return { figures: { deliveries: context.times, files: delivered }, problems };
    }),
};

/** Cuts the lines into files, each of which comes one to five times, as it is or shuffled, and repeats some lines. */
function cutFiles(lines: readonly string[], random: Source): string[][] {
  const linesPerFile = integer(random, 10, 60);
  const files = Array.from({ length: Math.ceil(lines.length / linesPerFile) }, (_, n) =>
    lines.slice(n * linesPerFile, (n + 1) * linesPerFile),
  );
  const copies = files.flatMap((file) =>
    Array.from({ length: integer(random, 1, 5) }, () => (random() < 0.5 ? file : shuffle(file, random))),
  );
  const repeated = shuffle(lines, random).slice(0, integer(random, 0, lines.length));
  return shuffle([...copies, repeated], random);
}

function shuffle<Value>(values: readonly Value[], random: Source): Value[] {
  return values
    .map((value) => ({ value, key: random() }))
    .sort((one, other) => one.key - other.key)
    .map(({ value }) => value);
}

async function deliver({ db }: Sandbox, files: readonly string[][], signal: AbortSignal): Promise<void> {
  const volume = await mkdtemp(join(tmpdir(), 'caspers-chaos-delivery-'));
  for (const [n, file] of files.entries())
    await writeFile(join(volume, `${String(n).padStart(4, '0')}.json`), file.join('\n'));
  await drainVolume({ db, volume, signal, maxFiles: 1 + (files.length % 7) });
  await rm(volume, { recursive: true });
}

/** One row per table, with a hash over everything that does not depend on when and from which file a row came. */
const readHashes = statement({
  returns: { name: text, hash: text },
  sql: () =>
    sql.join(
      shapes.map(
        (shape) => sql`
          select ${sql.raw(`'${shape.table}'`)}::text as name,
            md5(coalesce(string_agg(whole::text, '|' order by whole::text), '')) as hash
          from (${sql.raw(readPostgres(shape))}) as whole`,
      ),
      sql` union all `,
    ),
});

async function hashTables({ db }: Sandbox): Promise<Map<string, string>> {
  return new Map((await readHashes(db.pool, {})).map(({ name, hash }) => [name, hash]));
}

function listDifferent(expected: ReadonlyMap<string, string>, actual: ReadonlyMap<string, string>): string[] {
  return [...expected].filter(([name, hash]) => actual.get(name) !== hash).map(([name]) => name);
}
