import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { fixedClock } from '#lib/clock.ts';
import { checkAccounts, listDifferences } from '#lib/health/index.ts';
import { retain } from '#lib/pipeline/index.ts';
import { createVolume, drain } from '#lib/pipeline/lakehouse.testing.ts';
import { requestReplay } from '#lib/pipeline/requests/index.ts';

let db: TestDatabase;
let volume: string;
const clock = fixedClock('2026-10-03T12:00:00Z');
const line = (id: string, changes: object = {}) =>
  JSON.stringify({
    ...{ event_id: id, event_type: 'order_created', ts: '2026-10-01 12:00:00', order_id: id, sequence: 0 },
    ...{ body: { items: [{ id: 1, brand_id: 2, price: 5, qty: 1 }] }, ...changes },
  });

beforeAll(async () => {
  db = await createTestDatabase();
  const wide = Buffer.from(`\uFEFF${line('w1')}\n${line('w2')}\n`, 'utf16le');
  volume = await createVolume({
    'a.json': [line('a'), line('a'), line('b', { weight: 1 }), 'hello', line('c').slice(0, -9)].join('\n'),
    'b.json': `[${[line('b'), line('d', { ts: '2026-10-03 11:00:00' }), line('e', { ts: '2027-10-01 00:00:00' })].join(',\n')}]`,
    'c.json.gz': gzipSync(`${line('f')}\n`.repeat(50)).subarray(0, 40),
    'd.json': gzipSync(line('f')),
    ...{ 'e.json': '', 'f.json': wide, 'g.json': '['.repeat(10_000), 'h.json': line('g\u0000') },
  });
  await copyFile(join(volume, 'a.json'), join(volume, 'z.json'));
  await mkdir(join(volume, 'folder.json'));
});
afterAll(() => db.close());

const check = () => checkAccounts(db, volume);

test('files are ingested or waiting, and records are events, duplicates or quarantined, at any time', async () => {
  expect(await check()).toMatchObject({
    waiting: 9,
    accounts: { files: 0, records: 0, addsUp: true },
    differences: [],
  });
  for (let batches = 1; batches <= 9; batches += 1) {
    const stop = new AbortController();
    await drain(db, volume, { maxFiles: 1, clock, signal: stop.signal, onBatch: () => stop.abort() });
    const { accounts, waiting, differences } = await check();
    expect({ files: accounts.files, waiting, addsUp: accounts.addsUp, differences }).toEqual({
      files: batches,
      waiting: 9 - batches,
      addsUp: true,
      differences: [],
    });
    expect(accounts.records).toBe(accounts.events + accounts.duplicates + accounts.quarantined);
  }
  const { accounts } = await check();
  expect(accounts).toMatchObject({
    copies: 1,
    records: 13,
    events: 4,
    duplicates: 2,
    quarantined: 7,
    bronze: 4,
  });
});

test.each([
  ['delete from lakeflow.quarantined_records where line_no = 1', 'records in quarantine'],
  [
    'update lakeflow.ingested_files set records = 2 where records = 5',
    'events and quarantined records at most',
  ],
  ['update lakeflow.ingested_files set records = 6 where records = 5', 'duplicates by the expectations'],
  [`update lakeflow.expectation_results set failed = 0 where batch_id = 1`, 'records by the expectations'],
  [`delete from lakeflow.all_events where event_id = 'b'`, 'events in bronze'],
  [`update lakeflow.all_events set source_file = 'nowhere' where event_id = 'b'`, 'events in bronze'],
  ['delete from lakeflow.ingested_files where records = 5', 'events in bronze'],
])('%s is noticed', async (harm, what) => {
  const connection = await db.pool.connect();
  await connection.query(`begin; set local session_replication_role = replica; ${harm}`);
  const differences = await listDifferences(connection);
  await connection.query('rollback');
  connection.release();
  expect(differences.map((difference) => difference.what)).toContain(what);
});

test('replayed records and events deleted by retention are in the sum', async () => {
  const wide = `select id::integer from lakeflow.quarantined_records where source_file = 'f.json'`;
  const { rows } = await db.pool.query<{ id: number }>(wide);
  const replacement = `${line('w3')}\n${line('w4')}`;
  await requestReplay(db, { ids: rows.map(({ id }) => id) }, { now: clock.now(), replacement });
  await drain(db, volume, { clock });
  const replayed = { events: 4, replayed: 2, bronze: 6, addsUp: true };
  expect(await check()).toMatchObject({ accounts: replayed, differences: [] });
  await retain({ db, clock, days: 1 });
  const deleted = { replayed: 2, deleted: 5, bronze: 1, addsUp: true };
  expect(await check()).toMatchObject({ accounts: deleted, differences: [] });
});
