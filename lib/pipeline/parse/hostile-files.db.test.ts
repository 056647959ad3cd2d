import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { createVolume, drain, emptyLakehouse, readRows } from '../lakehouse.testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => emptyLakehouse(db.pool));
afterAll(() => db.close());

let made = 0;
const item = { id: 1, category_id: 2, menu_id: 3, brand_id: 4, name: 'Soup', price: 8.08, qty: 3 };
const order = (changes: object = {}, itemChanges: object = {}) => {
  made += 1;
  return {
    event_id: `event-${made}`,
    event_type: 'order_created',
    ts: '2026-10-01 00:00:47.000000',
    gk_id: 'k1',
    location: 'sf',
    order_id: `order-${made}`,
    sequence: 0,
    body: JSON.stringify({ items: [{ ...item, ...itemChanges }] }),
    ...changes,
  };
};
const line = (changes: object = {}, itemChanges: object = {}) => JSON.stringify(order(changes, itemChanges));

const quarantined = () =>
  readRows(db.pool, 'select source_file, line_no, rule, raw, raw_encoding from lakeflow.quarantined_records');
const count = async (table: string) => {
  const { rows } = await db.pool.query<{ n: number }>(`select count(*)::integer as n from lakeflow.${table}`);
  return rows[0]?.n;
};

test('a broken record does not affect others, and is kept with its line and reason', async () => {
  const broken = {
    malformed_json: line().slice(0, -30),
    null_byte: line().replace('Soup', 'So\0up'),
    bad_quantity: line({}, { qty: -2 }),
    unknown_event_type: line({ event_type: 'order_teleported' }),
    missing_order_id: line({ order_id: undefined }),
  };
  const lines = Object.values(broken).flatMap((text) => [line(), text]);
  const counts = await drain(db, await createVolume({ 'a.json': [...lines, line()].join('\n') }));
  expect(counts).toMatchObject({ records: 11, events: 6, quarantined: 5 });
  expect(await count('all_events')).toBe(6);
  expect(await count('gold_order_header')).toBe(6);
  const { rows } = await db.pool.query(
    'select rule, line_no, raw, raw_encoding, reason from lakeflow.quarantined_records order by line_no',
  );
  expect(rows).toEqual([
    {
      rule: 'malformed_json',
      line_no: 2,
      raw: broken.malformed_json,
      raw_encoding: 'text',
      reason: expect.stringContaining('not JSON'),
    },
    {
      rule: 'null_byte',
      line_no: 4,
      raw: Buffer.from(broken.null_byte).toString('base64'),
      raw_encoding: 'base64',
      reason: expect.stringContaining('null byte at position'),
    },
    {
      rule: 'bad_quantity',
      line_no: 6,
      raw: broken.bad_quantity,
      raw_encoding: 'text',
      reason: expect.stringContaining('body.items[0].qty -2'),
    },
    {
      rule: 'unknown_event_type',
      line_no: 8,
      raw: broken.unknown_event_type,
      raw_encoding: 'text',
      reason: expect.stringContaining('event_type "order_teleported" is none of'),
    },
    {
      rule: 'missing_order_id',
      line_no: 10,
      raw: broken.missing_order_id,
      raw_encoding: 'text',
      reason: 'order_id is missing',
    },
  ]);
  const drops = await readRows(
    db.pool,
    `select expectation, passed, failed from lakeflow.expectation_results where action = 'drop'`,
  );
  expect(drops).toHaveLength(6);
  expect(drops).toContainEqual({ expectation: 'valid_record', passed: '6', failed: '5' });
  expect(drops).toContainEqual({ expectation: 'bad_quantity', passed: '10', failed: '1' });
});

test('every layout is read: object, array, lines, gzip, with a byte order mark', async () => {
  const counts = await drain(
    db,
    await createVolume({
      'object.json': JSON.stringify({ ...order(), body: { items: [item] } }, null, 2),
      'array.json': `\uFEFF${JSON.stringify([order(), order()], null, 1)}`,
      'lines.json': `${line()}\n${line()}\n`,
      'packed.json': gzipSync(`${line()}\n`),
      'empty.json': '',
    }),
  );
  expect(counts).toMatchObject({ files: 5, records: 6, events: 6, quarantined: 0 });
});

test('bronze keeps the body verbatim, and unknown fields in rescued_data', async () => {
  const body = '{ "items" : [ {"price": 8.080, "qty": 3e0, "name":"caf\\u00e9"} ],\n\t"note": "a\\\\b" }';
  const text = JSON.stringify({ ...order(), weight: 1.5 }).replace(
    /"body":"(?:[^"\\]|\\.)*"/,
    () => `"body":${body}`,
  );
  await drain(db, await createVolume({ 'a.json': text }));
  const { rows } = await db.pool.query('select body::text, rescued_data from lakeflow.all_events');
  expect(rows).toEqual([{ body, rescued_data: { weight: 1.5 } }]);
  const items = await readRows(
    db.pool,
    'select price, qty, extended_price, item_name from lakeflow.silver_order_items',
  );
  expect(items).toEqual([{ price: '8.08', qty: '3', extended_price: '24.24', item_name: 'café' }]);
});

test('bytes that are not text are quarantined without loss', async () => {
  const packed = gzipSync(`${line()}\n`.repeat(100)).subarray(0, 50);
  const wide = Buffer.from(`\uFEFF${line()}\n${line()}\n`, 'utf16le');
  await drain(db, await createVolume({ 'packed.json.gz': packed, 'wide.json': wide, 'word.json': 'hello' }));
  const expected = [
    {
      source_file: 'packed.json.gz',
      line_no: '1',
      rule: 'unreadable_gzip',
      raw: packed.toString('base64'),
      raw_encoding: 'base64',
    },
    {
      source_file: 'wide.json',
      line_no: '1',
      rule: 'invalid_utf8',
      raw: wide.toString('base64'),
      raw_encoding: 'base64',
    },
    { source_file: 'word.json', line_no: '1', rule: 'malformed_json', raw: 'hello', raw_encoding: 'text' },
  ];
  expect(await quarantined()).toEqual(expect.arrayContaining(expected));
  expect(await count('quarantined_records')).toBe(3);
});

test('the numbers of JSON are stored exactly, however they are written', async () => {
  const body = (fields: string) => ({ body: `{"items":[{${fields}}]}` });
  const lines = [
    line(body('"price":0.1,"qty":3')),
    line(body('"price":1.0e1,"qty":1.0,"id":59.0')),
    line(body('"price":9999.99,"qty":1000')),
    line(body('"price":-0,"qty":1')),
  ];
  const counts = await drain(db, await createVolume({ 'a.json': lines.join('\n') }));
  expect(counts.quarantined).toBe(0);
  const { rows } = await db.pool.query(
    'select extended_price::text as amount from lakeflow.silver_order_items order by extended_price',
  );
  expect(rows.map(({ amount }) => amount)).toEqual(['0.00', '0.30', '10.00', '9999990.00']);
});

test('the location of an event is completed from the dimension; an unknown number gets a name', async () => {
  await db.pool.query(
    `insert into simulator.locations (location_id, location_code, name, lat, lon) values (1, 'sf', 'San Francisco', 0, 0)`,
  );
  const places = [
    { location: 'sf' },
    { location: undefined, location_id: 1 },
    { location: null, location_id: 9 },
    { location: 'nowhere' },
    { location: null },
  ];
  await drain(db, await createVolume({ 'a.json': places.map((place) => line(place)).join('\n') }));
  await db.pool.query('delete from simulator.locations');
  const { rows } = await db.pool.query(
    'select location, location_id from lakeflow.all_events order by source_line',
  );
  expect(rows).toEqual([
    { location: 'sf', location_id: 1 },
    { location: 'sf', location_id: 1 },
    { location: 'location_9', location_id: 9 },
    { location: 'nowhere', location_id: null },
    { location: null, location_id: null },
  ]);
});

test('entries that are not readable files are reported once and stop no run', async () => {
  const volume = await createVolume({ 'good.json': line(), '.hidden.json': line(), 'half.json.tmp': line() });
  await mkdir(join(volume, 'folder.json'));
  await symlink(join(volume, 'good.json'), join(volume, 'link.json'));
  const said: string[] = [];
  const counts = await drain(db, volume, { say: (message) => said.push(message) });
  expect(counts).toMatchObject({ files: 1, events: 1, failures: [] });
  expect(said.toSorted()).toEqual([
    'folder.json is not read: it is a directory.',
    'link.json is not read: it is a symbolic link.',
  ]);
});

test('a file that is too large is a failure with a name; the others are ingested', async () => {
  const volume = await createVolume({ 'a.json': line(), 'b.json': line().repeat(50), 'c.json': line() });
  const limits = { maxFiles: 10, maxBytes: 1000, maxFileBytes: 2000 };
  const counts = await drain(db, volume, { limits });
  expect(counts.events).toBe(2);
  expect(counts.failures).toEqual([
    { file: 'b.json', reason: expect.stringContaining('b.json is larger than') },
  ]);
});

test('a file that the database refuses goes to quarantine; the files beside it are not affected', async () => {
  await db.pool.query(`
    create function refuse_event() returns trigger language plpgsql as $$
    begin
      if new.event_id = 'unstorable' then raise exception 'unstorable' using errcode = '22P02'; end if;
      return new;
    end $$;
    create trigger refuse_event before insert on lakeflow.all_events for each row execute function refuse_event()`);
  const files = Object.fromEntries(
    Array.from({ length: 9 }, (_, n) => [
      `${n}.json`,
      n === 4 ? `${line()}\n${line({ event_id: 'unstorable' })}` : line(),
    ]),
  );
  const counts = await drain(db, await createVolume(files));
  await db.pool.query('drop function refuse_event cascade');
  expect(counts).toMatchObject({ files: 9, events: 8, quarantined: 2 });
  expect(await quarantined()).toMatchObject([
    { source_file: '4.json', rule: 'refused_by_database' },
    { source_file: '4.json', rule: 'refused_by_database' },
  ]);
});

test('a record counts once: in bronze, as a duplicate or in quarantine', async () => {
  const twice = line();
  const volume = await createVolume({
    'a.json': [twice, twice, line(), 'x'].join('\n'),
    'b.json': [twice, line()].join('\n'),
  });
  await copyFile(join(volume, 'a.json'), join(volume, 'd.json'));
  const counts = await drain(db, volume, { maxFiles: 1 });
  expect(counts.records).toBe(counts.events + counts.duplicates + counts.quarantined);
  const ledger = await readRows(
    db.pool,
    `select path, duplicate_of, records, events_added, quarantined from lakeflow.ingested_files`,
  );
  expect(ledger).toContainEqual({
    path: 'a.json',
    duplicate_of: null,
    records: '4',
    events_added: '2',
    quarantined: '1',
  });
  expect(ledger).toContainEqual({
    path: 'd.json',
    duplicate_of: 'a.json',
    records: '0',
    events_added: '0',
    quarantined: '0',
  });
});
