import { expect, test } from 'vitest';
import { migrateDatabase } from '#db/migrate/migrate.ts';
import { createTestDatabase } from '#db/testing.ts';
import { flow } from '#lib/pipeline/index.ts';
import { createVolume, drain, expectKept, readRows } from '#lib/pipeline/lakehouse.testing.ts';

const filled = ['gold_delivery_histogram_hourly', 'gold_delivery_phases_hourly'];
const event = (order: string, event_type: string, ts: string, body: object = {}) =>
  JSON.stringify({ event_id: `${order}-${event_type}`, event_type, ts, order_id: order, sequence: 0, body });
const items = [{ price: 5, qty: 1 }];
const order = (id: string, day: string) => [
  event(id, 'order_created', `${day} 12:00:00`, { items }),
  event(id, 'gk_ready', `${day} 12:20:00`),
  event(id, 'delivered', `${day} 12:50:30`),
];

test('the update that brings the tables fills them with the deliveries that came before', async () => {
  const db = await createTestDatabase();
  const lines = ['2026-08-30', '2026-09-01', '2026-09-02'].flatMap((day, at) => order(`old-${at}`, day));
  await drain(db, await createVolume({ '1.json': lines.join('\n') }));
  // As it was before: neither rows nor months.
  for (const table of filled)
    for (const month of ['202608', '202609']) await db.pool.query(`drop table lakeflow.${table}_${month}`);
  await db.pool.query(`delete from migrations.applied where name = '0222_fill_delivery_gold'`);
  await migrateDatabase(db.url);
  for (const table of filled) {
    expect(await readRows(db.pool, `select * from lakeflow.${table}`), table).toHaveLength(3);
    expect(await readRows(db.pool, `select * from lakeflow.${table}_default`), table).toEqual([]);
  }
  for (const dataset of flow.filter(({ name }) => filled.includes(name))) await expectKept(db.pool, dataset);
  await drain(db, await createVolume({ '2.json': order('new', '2026-09-01').join('\n') }));
  for (const dataset of flow.filter(({ name }) => filled.includes(name))) await expectKept(db.pool, dataset);
  await db.close();
});
