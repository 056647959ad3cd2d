import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { createVolume, drain, emptyLakehouse, readRows } from '../lakehouse.testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const nasty = fc.constantFrom(
  ...[
    '\\u0000',
    '\\ud800',
    '\\udc00\\ud800',
    '\\u005c',
    '1e400',
    '-1e-400',
    '1E+131073',
    '0.'.padEnd(20_000, '0'),
  ],
  ...[
    'NaN',
    'null',
    '""',
    '[]',
    '{}',
    '-0',
    '1.0',
    '3e0',
    '"2026-12-31 23:59:60"',
    '"0001-01-01 00:00:00+15"',
  ],
  ...[
    '"9999-12-31 23:59:59.999999"',
    '2147483648',
    '"\\ufffe\\uffff"',
    '\uFEFF',
    '\0',
    '}',
    ']',
    '"',
    ',',
    ':',
    '\\',
  ],
  ...[
    '['.repeat(600),
    `${'['.repeat(499)}${']'.repeat(499)}`,
    `"${'x'.repeat(5000)}"`,
    '"\u{1F600}"',
    '"__proto__"',
  ],
);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', "'", '\\N', '\\.', '\t', '%s', '$1'),
);
const number = fc.oneof(fc.integer(), fc.constantFrom(0.1, 8.08, 1e-7, 2 ** 31, -0, null));
const value = fc.object({ values: [text, number, fc.boolean()], key: text, maxDepth: 3 });
const item = fc.record(
  {
    id: fc.oneof({ weight: 9, arbitrary: fc.nat(9) }, number),
    brand_id: fc.nat(9),
    name: text,
    price: fc.oneof({ weight: 9, arbitrary: fc.nat(999).map((cents) => cents / 100) }, number),
    qty: fc.integer({ min: 1, max: 9 }),
    note: value,
  },
  { requiredKeys: ['price', 'qty'] },
);
const order = fc.record({ items: fc.array(item, { minLength: 1, maxLength: 5 }), note: value });
const body = fc.oneof(
  order,
  order.map((object) => JSON.stringify(object, null, 1)),
  value,
);
const event = fc.record(
  {
    event_id: fc.oneof(fc.uuid(), fc.stringMatching(/^[ab]$/), text),
    event_type: fc.constantFrom('order_created', 'order_created', 'delivered', 'driver_ping', 'gk_ready'),
    ts: fc
      .date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('2026-10-01') })
      .map((date) => date.toISOString()),
    order_id: fc.oneof(fc.constantFrom('a', 'b', 'c'), text),
    location: text,
    location_id: fc.oneof({ weight: 9, arbitrary: fc.nat(9) }, number),
    sequence: fc.nat(20),
    body,
    extra: value,
    'k\u00e9y "\\': value,
  },
  { requiredKeys: ['event_id', 'event_type', 'ts', 'order_id', 'sequence', 'body'] },
);
/** The source of an event, now and then with something nasty in it. */
const source = fc
  .tuple(event, fc.option(fc.tuple(fc.nat(), fc.nat(12), nasty), { freq: 2 }))
  .map(([given, damage]) => {
    const json = JSON.stringify(given);
    if (!damage) return json;
    const [seed, length, insert] = damage;
    const at = seed % json.length;
    return json.slice(0, at) + insert + json.slice(at + length);
  });
const file = fc
  .tuple(fc.array(source, { maxLength: 30 }), fc.constantFrom('\n', ',\n', '\r\n'))
  .map(([sources, separator]) =>
    separator === ',\n' ? `[${sources.join(separator)}]` : sources.join(separator),
  );

test('every record is ingested or quarantined by a rule, and the database refuses none', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 20 }), async (files) => {
      await emptyLakehouse(db.pool);
      const volume = await createVolume(
        Object.fromEntries(files.map((content, n) => [`${n}.json`, content])),
      );
      const counts = await drain(db, volume, { maxFiles: 7 });
      expect(counts).toMatchObject({ files: files.length, failures: [] });
      expect(counts.records).toBe(counts.events + counts.duplicates + counts.quarantined);
      const stored = `select
          (select count(*) from lakeflow.all_events) as events,
          (select count(*) from lakeflow.quarantined_records) as quarantined,
          (select count(*) from lakeflow.quarantined_records where rule = 'refused_by_database') as refused`;
      expect(await readRows(db.pool, stored)).toEqual([
        { events: `${counts.events}`, quarantined: `${counts.quarantined}`, refused: '0' },
      ]);
    }),
    { numRuns: 60 },
  );
});
