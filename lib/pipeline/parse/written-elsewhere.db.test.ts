import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { fixedClock } from '#lib/clock.ts';
import { lifecycleTypes } from '#lib/contract/event.ts';
import { createVolume, drain as drainAt, emptyLakehouse, readRows } from '../lakehouse.testing.ts';
import { requestReplay } from '../requests/request-replay.ts';

/* Files as other programs write them: each case is one order with its seven events, and what has to come of it. */

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => emptyLakehouse(db.pool));
afterAll(() => db.close());

const clock = fixedClock('2026-11-21T00:00:00Z');
const drain = (volume: string) => drainAt(db, volume, { clock });

const FILE = '20261120-130000.000000-a.json';
const minutes = [0, 2, 10, 12, 15, 16, 40];

type Changes = { time?: (ts: string) => unknown; price?: unknown; name?: string };

function orderOf(orderId: string, { time = (ts) => ts, price = 10, name = 'Soup' }: Changes = {}) {
  return lifecycleTypes.map((type, sequence) => ({
    event_id: `${orderId}-${sequence}`,
    event_type: type,
    ts: time(`2026-11-20 12:${String(minutes[sequence]).padStart(2, '0')}:00.000000`),
    gk_id: 'k1',
    location: 'portland',
    location_id: 1,
    order_id: orderId,
    sequence,
    body: JSON.stringify(
      type === 'order_created' ? { items: [{ id: 1, brand_id: 1, name, price, qty: 1 }] } : {},
    ),
  }));
}
const lines = (events: readonly object[]) => events.map((event) => `${JSON.stringify(event)}\n`).join('');
const pretty = (event: object) => JSON.stringify(event, null, 2);
const iso = (ts: string) => ts.replace(' ', 'T');
const epochMs = (ts: string) => Date.parse(`${iso(ts)}Z`);

test.each<[string, (ts: string) => unknown]>([
  ['seven decimals, as .NET writes them', (ts) => `${iso(ts)}9Z`],
  ['nine decimals', (ts) => `${iso(ts)}999Z`],
  ['lower-case letters', (ts) => `${ts.replace(' ', 't')}z`],
  ['no seconds', (ts) => `${iso(ts).slice(0, 16)}Z`],
  ['an offset of hours', (ts) => `${iso(ts)}+00`],
  ['an offset without a colon', (ts) => `${iso(ts)}+0000`],
  ['an offset with a colon', (ts) => `${iso(ts).replace('T12', 'T17')}+05:00`],
  ['seconds since 1970', (ts) => epochMs(ts) / 1000],
  ['milliseconds since 1970', epochMs],
  ['microseconds since 1970', (ts) => epochMs(ts) * 1000],
])('times with %s are read to the microsecond', async (_what, time) => {
  const counts = await drain(await createVolume({ [FILE]: lines(orderOf('T', { time })) }));
  expect(counts).toMatchObject({ events: 7, quarantined: 0 });
  const orders = await readRows(
    db.pool,
    `select created_ts::text, delivered_ts::text from (
       select created_ts at time zone 'UTC' as created_ts, delivered_ts at time zone 'UTC' as delivered_ts
       from lakeflow.silver_orders) as orders`,
  );
  expect(orders).toEqual([{ created_ts: '2026-11-20 12:00:00', delivered_ts: '2026-11-20 12:40:00' }]);
});

test('a number that may be more than one time is quarantined by its own rule', async () => {
  const time = (ts: string) => Math.floor(epochMs(ts) / 100_000);
  const counts = await drain(await createVolume({ [FILE]: lines(orderOf('T', { time })) }));
  expect(counts).toMatchObject({ events: 0, quarantined: 7 });
  expect(await readRows(db.pool, 'select distinct rule from lakeflow.quarantined_records')).toEqual([
    { rule: 'unclear_timestamp' },
  ]);
});

const order = orderOf('S');
const shapes: Record<string, string | Buffer> = {
  'objects over lines, one after the other': `${order.map(pretty).join('\n')}\n`,
  'objects with nothing between them': order.map((event) => JSON.stringify(event)).join(''),
  'objects with a blank between them': order.map((event) => JSON.stringify(event)).join(' '),
  'arrays on lines': `${JSON.stringify(order.slice(0, 3))}\n${JSON.stringify(order.slice(3))}\n`,
  'one array over lines': JSON.stringify(order, null, '\t'),
  'a byte order mark and CRLF': `\uFEFF${lines(order).replaceAll('\n', '\r\n')}`,
  'packed objects over lines': gzipSync(order.map(pretty).join('\n')),
};

test.each(Object.entries(shapes))('%s are seven events', async (_what, content) => {
  const counts = await drain(await createVolume({ [FILE]: content }));
  expect(counts).toMatchObject({ records: 7, events: 7, quarantined: 0 });
});

test.each(Object.entries(shapes).filter(([, content]) => typeof content === 'string'))(
  'in %s a broken record is one row, whole, and is replayed when it is corrected',
  async (_what, content) => {
    const broken = String(content).replace(/"sequence":\s*4/, '"sequence": oops');
    const counts = await drain(await createVolume({ [FILE]: broken }));
    expect(counts).toMatchObject({ records: 7, events: 6, quarantined: 1 });
    const { rows } = await db.pool.query<{ id: string; rule: string; raw: string }>(
      'select id, rule, raw from lakeflow.quarantined_records',
    );
    const [row] = rows;
    expect(row?.rule).toBe('malformed_json');
    const replacement = row?.raw.replace('oops', '4') ?? '';
    expect(JSON.parse(replacement)).toEqual(order[4]);
    await requestReplay(db, { ids: [Number(row?.id)] }, { now: clock.now(), replacement });
    await drain(await createVolume());
    expect(await readRows(db.pool, 'select count(*) from lakeflow.all_events')).toEqual([{ count: '7' }]);
  },
);

test('odd ids and names are kept as they came', async () => {
  const ids = [
    ...['#1001', 'A/1', '50%', '..', '.', 'a?b=c', 'x y', 'ü☕', '\u202EABC', '%2e%2e', 'a&b', 'a+b', 'a;b'],
    ...['a\\b', '"q"', "o'b", 'e\u0301', '\u00e9', 'trail ', '\u{1F355}'.repeat(100)],
  ];
  const name = '\u202E=cmd|\u2066 \u{1F468}\u200D\u{1F469}\u200D\u{1F467} \u0645\u0631\u062D\u0628\u0627';
  const counts = await drain(
    await createVolume({ [FILE]: lines(ids.flatMap((id) => orderOf(id, { name }))) }),
  );
  expect(counts).toMatchObject({ events: 7 * ids.length, quarantined: 0 });
  const rows = await readRows(db.pool, 'select order_id, item_name from lakeflow.silver_order_items');
  expect(rows).toHaveLength(ids.length);
  expect(rows).toEqual(expect.arrayContaining(ids.map((id) => ({ order_id: id, item_name: name }))));
});

test.each([['10.00'], [0.1 + 0.2]])('a price of %j is no whole number of cents', async (price) => {
  const counts = await drain(await createVolume({ [FILE]: lines(orderOf('P', { price })) }));
  expect(counts).toMatchObject({ events: 6, quarantined: 1 });
  expect(await readRows(db.pool, 'select rule from lakeflow.quarantined_records')).toEqual([
    { rule: 'bad_price' },
  ]);
});
