import { appendFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { systemClock } from '#lib/clock.ts';
import { checkAccounts, formatStatus, getStatus } from '#lib/health/index.ts';
import { defaultLimits, previewRun } from '#lib/pipeline/index.ts';
import { createVolume, drain, emptyLakehouse, readRows } from '#lib/pipeline/lakehouse.testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => emptyLakehouse(db.pool));
afterAll(() => db.close());

let made = 0;
const line = (orderId?: string) => {
  made += 1;
  return `${JSON.stringify({
    ...{ event_id: `e${made}`, event_type: 'gk_ready', ts: '2026-10-01 12:00:00', sequence: 3, body: {} },
    order_id: orderId ?? `o${made}`,
  })}\n`;
};

/** What a run did, and that the accounts add up after it. */
async function run(volume: string) {
  const said: string[] = [];
  const counts = await drain(db, volume, { say: (message) => said.push(message) });
  const { differences, accounts, changed } = await checkAccounts(db, volume);
  expect({ differences, changed, addsUp: accounts.addsUp }).toEqual({
    differences: [],
    changed: [],
    addsUp: true,
  });
  return { counts, said, accounts };
}

const quarantined = () =>
  readRows(
    db.pool,
    `select source_file, line_no, raw, replayed_at is not null as is_closed
     from lakeflow.quarantined_records order by id`,
  );

test('a file that grew is read again: what was appended enters, the rest are duplicates, and its ledger has both', async () => {
  const volume = await createVolume({ 'a.json': line() + line(), 'b.json': line() });
  await run(volume);
  await appendFile(join(volume, 'a.json'), line());
  const { counts, said, accounts } = await run(volume);
  expect(counts).toMatchObject({ files: 1, filesReadAgain: 1, records: 3, events: 1, duplicates: 2 });
  expect(said).toEqual([
    expect.stringMatching(
      /^a\.json has changed since it was read \(\d+ bytes then, \d+ now\); it is read again\.$/,
    ),
  ]);
  expect(
    await readRows(db.pool, `select message from lakeflow.pipeline_events where event_type = 'file_changed'`),
  ).toEqual([{ message: said[0] }]);
  expect(accounts).toMatchObject({ files: 2, readAgain: 1, events: 4, bronze: 4 });
  expect((await run(volume)).counts).toMatchObject({ files: 0, filesReadAgain: 0 });
});

test('a file that was written again is read again, whatever it was; a touched or removed one is not', async () => {
  const volume = await createVolume({
    'a.json': line(),
    'b.json': line(),
    'c.json': line(),
    'd.json': line(),
  });
  await run(volume);
  await writeFile(join(volume, 'a.json'), gzipSync(line() + line()));
  await utimes(join(volume, 'b.json'), 1, 1);
  await rm(join(volume, 'c.json'));
  const { counts } = await run(volume);
  expect(counts).toMatchObject({ files: 1, filesReadAgain: 1, events: 2, duplicates: 0 });
});

test('a record that was broken before is not quarantined a second time; a new one is', async () => {
  const volume = await createVolume({ 'a.json': `${line()}no json\n{"order_id":"x"}\n` });
  await run(volume);
  await appendFile(join(volume, 'a.json'), `${line()}not this either\n`);
  expect((await run(volume)).counts).toMatchObject({ records: 5, events: 1, duplicates: 3, quarantined: 1 });
  expect(await quarantined()).toMatchObject([
    { line_no: '2', raw: 'no json' },
    { line_no: '3', raw: '{"order_id":"x"}' },
    { line_no: '5', raw: 'not this either' },
  ]);
});

test('a record that was cut off leaves quarantine when its file has it in full', async () => {
  const [whole, cut] = [line(), line('waits')];
  const volume = await createVolume({ 'a.json': whole + cut.slice(0, -30) });
  await run(volume);
  expect(await quarantined()).toMatchObject([{ line_no: '2', is_closed: false }]);
  await appendFile(join(volume, 'a.json'), cut.slice(-30) + line());
  expect((await run(volume)).counts).toMatchObject({ events: 2, duplicates: 1, quarantined: 0 });
  expect(await quarantined()).toMatchObject([{ line_no: '2', is_closed: true }]);
  await truncate(join(volume, 'a.json'), whole.length + 50);
  expect((await run(volume)).counts).toMatchObject({ events: 0, duplicates: 1, quarantined: 1 });
});

test('a dry run, the check and the status name what has changed, before it is read again', async () => {
  const files = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`${n}.json`, line()]));
  const volume = await createVolume(files);
  await run(volume);
  for (const name of Object.keys(files)) await appendFile(join(volume, name), line());
  const preview = await previewRun({
    ...{ db, volume, limits: defaultLimits, clock: systemClock, signal: new AbortController().signal },
    say: () => undefined,
  });
  expect(preview).toMatchObject({ files: 12, records: 24, events: 12, duplicates: 12 });
  expect(preview.changedFiles).toHaveLength(12);
  expect(preview.changedFiles).toContainEqual({
    name: '0.json',
    sizeBefore: files['0.json']?.length,
    size: expect.any(Number),
  });
  expect((await checkAccounts(db, volume)).changed).toEqual(preview.changedFiles);
  const status = await getStatus(db, { clock: systemClock, volume, kind: 'external' });
  expect(status.backlog.changedFiles).toEqual(preview.changedFiles);
  expect(formatStatus(status)).toMatch(/changed since, to be read again: 0\.json, 1\.json, .*, and 2 more/);
  await run(volume);
  const after = await getStatus(db, { clock: systemClock, volume, kind: 'external' });
  expect(formatStatus(after)).toMatch(/12 ingested \+ 0 waiting, 12 readings again of changed ones/);
});
