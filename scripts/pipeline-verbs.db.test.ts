import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { commandEnvironment } from '#lib/command-environment.testing.ts';

let database: TestDatabase;
let volume: string;
beforeAll(async () => {
  database = await createTestDatabase();
  volume = await mkdtemp(join(tmpdir(), 'pipeline-'));
});
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await database.close();
});

function start(...args: string[]) {
  const child = spawn(process.execPath, ['scripts/pipeline.ts', ...args], {
    env: commandEnvironment({ DATABASE_URL: database.url }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  children.push(child);
  const output = { talk: '' };
  child.stderr.on('data', (chunk) => (output.talk += chunk));
  const data = text(child.stdout);
  const done = once(child, 'close').then(async ([code]) => ({
    code: code as number | null,
    data: await data,
    ...output,
  }));
  return { child, output, done };
}
const run = (...args: string[]) => start(...args).done;
const created = (id: string, ts: string, price = 5) =>
  JSON.stringify({
    event_id: `${id}-created`,
    event_type: 'order_created',
    ts,
    order_id: id,
    location: 'sf',
    sequence: 0,
    body: { items: [{ id: 1, brand_id: 2, price, qty: 1 }] },
  });
const drop = async (name: string, content: string) => {
  await writeFile(join(volume, `.${name}.tmp`), content);
  await rename(join(volume, `.${name}.tmp`), join(volume, name));
};
const revenue = async () => {
  const sql = 'select sum(brand_revenue)::text as revenue from lakeflow.gold_brand_sales_day';
  return (await database.pool.query<{ revenue: string }>(sql)).rows[0]?.revenue;
};

test.each([
  ['late', /list .*admit /s],
  ['quarantine', /list .*show .*retry .*drop /s],
  ['late admit', /npm run pipeline -- late admit --all/],
  ['quarantine retry', /npm run pipeline -- quarantine retry 17 --file corrected.json/],
])('pipeline %s --help has verbs or examples', async (words, shown) => {
  const { code, data } = await run(...words.split(' '), '--help');
  expect(code).toBe(0);
  expect(data).toMatch(shown);
});

test.each([
  ['late'],
  ['quarantine mend'],
  ['late admit'],
  ['late admit e1 --all'],
  ['quarantine retry 1 --all'],
  ['quarantine drop x'],
  ['--every soon'],
  ['--dry-run --continuous'],
  ['--once --every 5m'],
  ['--once --max-bytes 0'],
])('wrong usage "%s" exits with 2', async (words) => {
  expect(await run(...words.split(' '))).toMatchObject({ code: 2, data: '' });
});

test('late orders and broken records are listed, and ingested on request while a pipeline runs', async () => {
  await drop('1.json', `${created('a', '2026-10-01 12:00:00')}\n${created('b', '2026-10-01 12:00:00', -1)}`);
  const pipeline = start('--every', '0', '--volume', volume);
  await vi.waitFor(() => expect(pipeline.output.talk).toContain('1 quarantined'), { timeout: 120_000 });
  await drop('2.json', created('c', '2026-10-01 08:59:59.999'));
  await vi.waitFor(() => expect(pipeline.output.talk).toContain('1 late'), { timeout: 120_000 });
  expect(await revenue()).toBe('5.00');
  const [late, records] = await Promise.all([
    run('late', 'list', '--json'),
    run('quarantine', 'list', '--json'),
  ]);
  expect(JSON.parse(late.data)).toMatchObject([
    { eventId: 'c-created', dataset: 'gold_brand_sales_day', lateness: 10_800.001, state: 'left out' },
    { eventId: 'c-created', dataset: 'gold_location_sales_hourly' },
  ]);
  expect(JSON.parse(records.data)).toMatchObject([
    { id: 1, rule: 'bad_price', file: '1.json', line: 2, state: 'open' },
  ]);
  expect(await run('late', 'admit', '--all')).toMatchObject({ code: 0, data: '{"admitted":2}\n' });
  expect(await revenue()).toBe('10.00');
  const shown = await run('quarantine', 'show', '1', '--raw');
  const retry = start('quarantine', 'retry', '1', '--file', '-');
  retry.child.stdin.end(shown.data.replace('"price":-1', '"price":7'));
  const retried = await retry.done;
  expect(JSON.parse(retried.data)).toEqual({ replayed: 1, alreadyStored: 0, rejected: [] });
  expect(retried).toMatchObject({
    code: 0,
    talk: expect.stringMatching(/^(The running pipeline handles it\.\n)?$/),
  });
  expect(await revenue()).toBe('17.00');
  pipeline.child.kill('SIGTERM');
  expect(await pipeline.done).toMatchObject({ code: 0 });
  expect(await run('quarantine', 'show', '1')).toMatchObject({
    data: expect.stringContaining('"state": "replayed"'),
  });
  expect(await run('quarantine', 'show', '99')).toMatchObject({
    code: 1,
    talk: 'No record in quarantine: 99.\n',
  });
});

test('a record that still breaks a rule stays, with exit code 1; once dropped it is never ingested', async () => {
  await drop('3.json', 'broken');
  await run('--once', '--volume', volume);
  const rejected = await run('quarantine', 'retry', '--all');
  expect(rejected).toMatchObject({ code: 1, talk: '1 records still break a rule and stay in quarantine.\n' });
  expect(JSON.parse(rejected.data)).toMatchObject({ replayed: 0, rejected: [{ rule: 'malformed_json' }] });
  expect(await run('quarantine', 'drop', '--rule', 'malformed_json')).toMatchObject({
    data: '{"dropped":1}\n',
  });
  expect(await run('quarantine', 'list')).toMatchObject({
    data: '',
    talk: 'There are no such records in quarantine.\n',
  });
});

test('a rule that fails ends the command with 3 and its name; a dry run counts and writes nothing', async () => {
  await drop('4.json', `${created('d', '2026-10-01 12:00:00')}\nbroken`);
  const dry = await run('--dry-run', '--volume', volume);
  expect(JSON.parse(dry.data)).toMatchObject({ files: 1, events: 1, rules: { malformed_json: 1 } });
  const rule = 'all_events.malformed_json';
  const failed = await run('--once', '--volume', volume, '--expect', `${rule}=fail`);
  expect(failed).toMatchObject({
    code: 3,
    data: '',
    talk: expect.stringContaining(`breaks the rule ${rule}: 1 of 2`),
  });
  expect(await run('--once', '--volume', volume, '--max-bytes', '1')).toMatchObject({
    code: 0,
    data: expect.stringContaining('"events":1,'),
  });
});

test('the first SIGTERM finishes the current batch, the second ends the process at once', async () => {
  const blocker = await database.pool.connect();
  await blocker.query('begin; lock table lakeflow.expectation_results in access exclusive mode');
  await drop('5.json', created('e', '2026-10-01 12:00:00'));
  const run = start('--once', '--volume', volume);
  const waiting = `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  await vi.waitFor(async () => expect((await database.pool.query(waiting)).rowCount).toBe(1), {
    timeout: 120_000,
  });
  run.child.kill('SIGTERM');
  await wait(1000);
  expect(run.child.exitCode).toBeNull();
  run.child.kill('SIGTERM');
  expect(await run.done).toMatchObject({ code: 130 });
  await blocker.query('rollback');
  blocker.release();
  expect(JSON.parse((await start('--once', '--volume', volume).done).data)).toMatchObject({
    files: 1,
    events: 1,
  });
});
