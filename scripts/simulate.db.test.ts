import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { childEnvironment } from '#lib/env.ts';
import { type FaultRecord, faultKinds, listManifests } from '#lib/simulator/index.ts';
import { temporaryDirectory } from '#lib/temporary.testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

type FaultKind = keyof typeof faultKinds;
const kinds = Object.keys(faultKinds) as FaultKind[];

function start(script: string, ...args: string[]) {
  const child = spawn(process.execPath, [`scripts/${script}.ts`, ...args], {
    env: childEnvironment({ DATABASE_URL: db.url }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  child.stderr.on('data', (chunk) => said.push(String(chunk)));
  const done = once(child, 'close').then(([code]) => ({ code: code as number | null, said: said.join('') }));
  return { child, done };
}

async function select(query: string): Promise<string[]> {
  const { rows } = await db.pool.query({ text: query, rowMode: 'array' });
  return rows.map((row: unknown[]) => row.join(' '));
}

/** How many records failed an expectation of bronze. */
async function countFailures(expectation: string): Promise<number> {
  const sum = 'select sum(failed) from lakeflow.expectation_results';
  return Number((await select(`${sum} where dataset = 'all_events' and expectation = '${expectation}'`))[0]);
}

/** Runs the real pipeline as a service until it has ingested every file. */
async function drain(volume: string): Promise<void> {
  const { child, done } = start('pipeline', '--continuous', '--volume', volume);
  const files = (await readdir(volume)).length;
  const taken = async () => Number((await select('select count(*) from lakeflow.ingested_files'))[0]);
  await expect.poll(taken, { timeout: 120_000, interval: 250 }).toBe(files);
  child.kill('SIGTERM');
  expect(await done).toMatchObject({ code: 0 });
}

test('the pipeline accounts for every fault in the manifests of the simulator', async () => {
  const [volume, sound] = [
    join(await temporaryDirectory(), 'events'),
    join(await temporaryDirectory(), 'events'),
  ];
  const faults = kinds.flatMap((kind) => ['--fault', `${kind}=${kind === 'negative-price' ? 0.05 : 0.01}`]);
  const write = async (until: string, directory: string, ...more: string[]) => {
    const run = start('simulate', '--days', '2', '--until', until, '--volume', directory, ...more);
    expect(await run.done).toMatchObject({ code: 0 });
  };
  await write('2026-03-09T20:00:00Z', volume, ...faults);
  await write('2026-03-09T20:00:00Z', sound);
  // Events that were held back are sent on the day after, which has no faults of its own.
  for (const directory of [volume, sound]) await write('2026-03-10T20:00:00Z', directory);
  await drain(volume);

  const manifests = await listManifests(volume);
  const injected = (kind: FaultKind) =>
    manifests.flatMap(({ file, faults }) =>
      faults.filter(({ fault }) => fault === kind).map((fault) => ({ ...fault, file })),
    );
  for (const kind of kinds) expect(injected(kind).length, kind).toBeGreaterThan(20);
  const idsOf = (...of: FaultKind[]) => of.flatMap((kind) => injected(kind).map(({ event_id }) => event_id));
  const placesOf = (faults: (FaultRecord & { file: string })[]) =>
    faults.map(({ file, line }) => `${file} ${line}`);

  const refused = [
    ...(['wrong-type', 'truncated-json', 'unknown-type', 'negative-price'] as const).flatMap(injected),
    ...injected('null-field').filter(isNeeded),
  ];
  const nulls = injected('null-field').length - injected('null-field').filter(isNeeded).length;
  expect(nulls).toBeGreaterThan(20);
  expect(await countFailures('no_null_fields')).toBe(nulls);
  const quarantined = await select('select source_file, line_no from lakeflow.quarantined_records');
  expect(quarantined.sort()).toEqual(placesOf(refused).sort());

  const absent = new Set([...refused.map(({ event_id }) => event_id), ...idsOf('missing')]);
  const bronze = await select('select event_id from lakeflow.all_events');
  expect(bronze.sort()).toEqual(
    idsIn(await readLines(sound))
      .filter((id) => !absent.has(id))
      .sort(),
  );
  expect(bronze.length + refused.length + injected('duplicate').length).toBe(
    (await readLines(volume)).length,
  );

  const late = await select('select distinct event_id from lakeflow.late_events');
  expect(late.sort()).toEqual(idsOf('late').sort());
  expect(bronze).toEqual(expect.arrayContaining(idsOf('late', 'out-of-order', 'duplicate')));
  const duplicates = await select(
    'select sum(records - quarantined - events_added) from lakeflow.ingested_files',
  );
  expect(duplicates).toEqual([`${injected('duplicate').length}`]);
  expect(await countFailures('unique_event_id')).toBe(injected('duplicate').length);
  expect(await countFailures('valid_record')).toBe(refused.length);
});

test('events ahead of the wall clock are accepted up to the published time of the simulator, and not beyond', async () => {
  const volume = join(await temporaryDirectory(), 'events');
  const until = new Date(Math.floor(Date.now() / 60_000) * 60_000 + 48 * 3_600_000);
  const args = ['--location', 'denver', '--days', '1', '--until', until.toISOString(), '--volume', volume];
  expect(await start('simulate', ...args).done).toMatchObject({ code: 0 });
  const implausible = {
    event_id: 'implausible',
    event_type: 'gk_started',
    order_id: 'x',
    sequence: 1,
    body: '{}',
  };
  const beyond = new Date(until.getTime() + 1_800_000).toISOString();
  await writeFile(join(volume, 'zz.json'), `${JSON.stringify({ ...implausible, ts: beyond })}\n`);
  expect(await start('pipeline', '--once', '--volume', volume).done).toMatchObject({ code: 0 });
  const taken = await select(
    "select count(*) from lakeflow.all_events where ts > now() + interval '20 minutes'",
  );
  expect(Number(taken[0])).toBeGreaterThan(500);
  expect(
    await select("select source_file, rule from lakeflow.quarantined_records where rule = 'future_ts'"),
  ).toEqual(['zz.json future_ts']);
});

/** Whether an event without this field is invalid. */
function isNeeded({ field = '' }: FaultRecord): boolean {
  return ['event_id', 'event_type', 'ts', 'order_id', 'sequence', 'body', 'body.items'].includes(field);
}

async function readLines(volume: string): Promise<string[]> {
  const names = await readdir(volume);
  const texts = await Promise.all(names.map((name) => readFile(join(volume, name), 'utf8')));
  return texts.flatMap((text) => text.trimEnd().split('\n'));
}

const idsIn = (lines: string[]) => lines.map((line): string => JSON.parse(line).event_id);
