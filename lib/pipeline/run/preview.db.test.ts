import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '#db/client.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { createVolume, drain, testOptions } from '../lakehouse.testing.ts';
import { previewRun } from './preview.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const event = (n: number, changes: object = {}) =>
  JSON.stringify({
    event_id: `e${n}`,
    event_type: 'gk_started',
    ts: '2026-10-01 12:00:00',
    order_id: `o${n}`,
    sequence: 0,
    body: {},
    ...changes,
  });

test('a dry run counts what the run then ingests, and writes nothing', async () => {
  const lines = (...texts: string[]) => texts.join('\n');
  const volume = await createVolume({ '1.json': lines(event(1), event(2)) });
  await drain(db, volume);
  const more = {
    '2.json': lines(event(2), event(3), event(3, { sequence: 1 }), 'broken', event(4, { event_type: 'x' })),
    '3.json': lines(event(3), event(5), event(6, { ts: '2099-01-01 00:00:00' }), event(7, { event_id: 7 })),
    '4.json': lines(event(1), event(2)),
    '5.json': gzipSync(event(8)),
    '6.json': gzipSync(event(9)).subarray(0, 30),
    '7.json': '',
    'a.tmp': event(10),
    'large.json': event(11).repeat(20),
    'note.txt': '',
  };
  const full = await createVolume({ '1.json': lines(event(1), event(2)), ...more });
  await db.pool.query('update lakeflow.ingested_files set volume = $1', [full]);
  await mkdir(join(full, 'folder.json'));
  const reader = await openReadOnly();
  const limits = { maxFiles: 2, maxBytes: 1000, maxFileBytes: 2000 };
  const preview = await previewRun({ ...testOptions(reader, full), limits });
  await reader.close();
  expect(preview).toMatchObject({
    ...{ files: 6, duplicateFiles: 1, records: 11, events: 3, duplicates: 3, quarantined: 5 },
    rules: { malformed_json: 1, unknown_event_type: 1, future_ts: 1, bad_field: 1, unreadable_gzip: 1 },
    skipped: [{ name: 'folder.json' }, { name: 'note.txt' }],
  });
  const { failures, ...counts } = await drain(db, full, { limits });
  const { files, duplicateFiles, records, events, duplicates, quarantined } = preview;
  expect(counts).toMatchObject({ files, duplicateFiles, records, events, duplicates, quarantined });
  expect(preview.failures).toEqual(failures);
  expect(failures).toHaveLength(1);
});

test('an interrupted dry run ends', async () => {
  const volume = await createVolume({ '1.json': event(20) });
  await expect(previewRun({ ...testOptions(db, volume), signal: AbortSignal.abort('stop') })).rejects.toBe(
    'stop',
  );
});

/** The same database, which refuses writes. */
async function openReadOnly() {
  const name = new URL(db.url).pathname.slice(1);
  await db.pool.query(`alter database ${name} set default_transaction_read_only = on`);
  const reader = connect({ url: db.url, applicationName: 'caspers test' });
  await expect(reader.pool.query('delete from lakeflow.checkpoints')).rejects.toThrow(/read-only/);
  await db.pool.query(`alter database ${name} reset default_transaction_read_only`);
  return reader;
}
