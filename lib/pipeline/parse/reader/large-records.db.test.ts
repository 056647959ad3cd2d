import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { commandEnvironment } from '#lib/command-environment.testing.ts';
import { createVolume, drain, emptyLakehouse, readRows } from '../../lakehouse.testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => emptyLakehouse(db.pool));
afterAll(() => db.close());

const script = join(import.meta.dirname, '../../../../scripts/pipeline.ts');
const MEBIBYTE = 1_048_576;
const source = (id: string, body = '{}', more = '') =>
  `{"event_id":"${id}","event_type":"gk_ready","ts":"2026-10-01 00:00:00","order_id":"o${id}","sequence":0,"body":${body}${more}}`;
const ids = () => readRows(db.pool, 'select event_id from lakeflow.all_events');

/** The lines of a file with one of 100 MiB between two of common size, and the md5 of that one. */
function* around(large: { md5: string }): Generator<Buffer> {
  const [head, tail] = source('large', '{"note":"@"}').split('@');
  const hash = createHash('md5');
  const part = (chunk: string | Buffer) => {
    hash.update(chunk);
    return Buffer.from(chunk);
  };
  yield Buffer.from(`${source('a')}\n`);
  yield part(head ?? '');
  for (let n = 0; n < 100; n += 1)
    yield part(Buffer.alloc(MEBIBYTE, `${n} caf\u00e9 `).fill('x', MEBIBYTE - 8));
  yield part(tail ?? '');
  yield Buffer.from(`\n${source('b')}\n`);
  large.md5 = hash.digest('hex');
}

test('a line of 100 MB is kept as it came by a process with a smaller heap, and does not affect others', async () => {
  const volume = await createVolume({
    'b.json': Buffer.concat([Buffer.alloc(17 * MEBIBYTE, 0xff), Buffer.from(`\n${source('c')}`)]),
  });
  const large = { md5: '' };
  await pipeline(Readable.from(around(large)), createWriteStream(join(volume, 'a.json')));
  const args = ['--max-old-space-size=80', script, '--once', '--volume', volume];
  const run = spawn(process.execPath, args, {
    env: commandEnvironment({ DATABASE_URL: db.url, NODE_NO_WARNINGS: '1' }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, said] = await Promise.all([text(run.stdout), text(run.stderr)]);
  expect(out, said).toContain('"records":5,"events":3,"duplicates":0,"quarantined":2');
  expect(await ids()).toEqual([{ event_id: 'a' }, { event_id: 'b' }, { event_id: 'c' }]);
  const kept = `select source_file, line_no, rule, raw_encoding, octet_length(raw) as bytes,
    case when source_file = 'a.json' then md5(raw) end as md5 from lakeflow.quarantined_records`;
  const rule = 'record_too_large';
  expect(await readRows(db.pool, kept)).toEqual([
    {
      source_file: 'a.json',
      line_no: '2',
      rule,
      raw_encoding: 'text',
      bytes: expect.any(String),
      md5: large.md5,
    },
    {
      source_file: 'b.json',
      line_no: '1',
      rule,
      raw_encoding: 'base64',
      bytes: `${Math.ceil((17 * MEBIBYTE) / 3) * 4}`,
      md5: null,
    },
  ]);
});

const deep = (levels: number, open = '[', close = ']') => open.repeat(levels) + close.repeat(levels);

test('nesting of any depth stops no run', async () => {
  const lines = [
    ...[source('1', `{"note":${deep(10_000)}}`), source('2', JSON.stringify(`{"note":${deep(10_000)}}`))],
    ...[
      source('3', '{}', `,"extra":${deep(10_000, '{"a":', '}').replace('}', '1}')}`),
      deep(10_000),
      '['.repeat(10_000),
    ],
    ...[source('4', `{"note":${'['.repeat(300_000)}`), deep(300_000), source('ok', `{"note":${deep(400)}}`)],
  ];
  const files = {
    'lines.json': `\n${source('first')}\n${lines.join('\n')}`,
    'array.json': '['.repeat(2_000_000),
    'object.json': '{"a":'.repeat(300_000),
  };
  const counts = await drain(db, await createVolume(files));
  expect(counts).toMatchObject({ files: 3, records: 11, events: 2, quarantined: 9, failures: [] });
  expect(await ids()).toEqual([{ event_id: 'first' }, { event_id: 'ok' }]);
  const rules = await readRows(
    db.pool,
    `select rule, count(*) as records from lakeflow.quarantined_records where source_file = 'lines.json' group by 1`,
  );
  expect(rules).toEqual([
    { rule: 'malformed_json', records: '2' },
    { rule: 'nested_too_deep', records: '3' },
    { rule: 'not_an_object', records: '2' },
  ]);
});
