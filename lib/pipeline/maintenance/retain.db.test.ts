import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { fixedClock } from '#lib/clock.ts';
import { createVolume, drain, readRows } from '../lakehouse.testing.ts';
import { retain } from './retain.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const clock = fixedClock('2026-10-10T12:00:00Z');
const event = (event_id: string, ts: string) =>
  JSON.stringify({
    ...{ event_id, ts, order_id: `order of ${event_id}`, location: 'sf', sequence: 0 },
    ...{ event_type: 'order_created', body: { items: [{ id: 1, brand_id: 2, price: 5, qty: 1 }] } },
  });
const lines = [
  event('ancient', '1999-05-05 10:00:00'),
  event('old', '2026-10-07 23:59:59.999999'),
  event('first kept', '2026-10-08 00:00:00'),
  event('new', '2026-10-10 10:00:00'),
];
const events = async () => {
  const rows = await readRows(db.pool, 'select event_id from lakeflow.all_events');
  return rows.map(({ event_id }) => event_id);
};
const gold = () => readRows(db.pool, 'select day, orders, brand_revenue from lakeflow.gold_brand_sales_day');

test('raw events of old days are deleted, whole days at a time; derived rows stay, and copies add nothing', async () => {
  await drain(db, await createVolume({ '1.json': lines.join('\n') }), { clock });
  const before = await gold();
  const preview = await retain({ db, clock, days: 3, dryRun: true });
  expect(preview).toMatchObject({ before: '2026-10-08', partitions: 1, events: 2 });
  expect(await events()).toHaveLength(4);
  expect(await retain({ db, clock, days: 3 })).toEqual(preview);
  expect(await events()).toEqual(['first kept', 'new']);
  const again = await drain(db, await createVolume({ 'again.json': `${lines.join('\n')}\n` }), { clock });
  expect(again).toMatchObject({ records: 4, events: 0, duplicates: 4 });
  expect(await events()).toEqual(['first kept', 'new']);
  expect(await gold()).toEqual(before);
  expect(before).toHaveLength(4);
});

test('retention is in the history and in the event log, and a repetition deletes nothing', async () => {
  const { rows } = await db.pool.query(`select * from describe_history('all_events') limit 1`);
  expect(rows).toMatchObject([
    { operation: 'RETENTION', operation_parameters: { days: 3, before: '2026-10-08' } },
  ]);
  expect(await retain({ db, clock, days: 3 })).toMatchObject({ partitions: 0, events: 0, bytes: 0 });
  const log = await readRows(
    db.pool,
    `select message from lakeflow.pipeline_events where event_type = 'retention'`,
  );
  expect(log).toEqual([{ message: 'Deleted 2 raw events of the days before 2026-10-08.' }]);
});

test('a new event of a deleted day is ingested like any other', async () => {
  const counts = await drain(db, await createVolume({ '2.json': event('late', '2026-10-07 08:00:00') }), {
    clock,
  });
  expect(counts).toMatchObject({ events: 1 });
  expect(await events()).toContain('late');
});
