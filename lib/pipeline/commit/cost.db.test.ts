import { expect, test, vi } from 'vitest';
import { createTestDatabase } from '#db/testing.ts';
import { createVolume, drain } from '../lakehouse.testing.ts';
import { setUpSession } from '../writer/only-writer.ts';
import { writeStatement } from './customer-places.ts';

test('no batch scans a table of the lakehouse: history is read through indexes only', async () => {
  const db = await createTestDatabase();
  const line = (n: number, event_type: string, body: object) =>
    JSON.stringify({
      event_id: `${n}-${event_type}`,
      event_type,
      ts: '2026-10-01 00:00:00',
      order_id: `order-${n}`,
      location: n % 3 === 0 ? null : 'sf',
      sequence: 0,
      body,
    });
  const items = [{ id: 1, brand_id: 2, price: 5, qty: 1 }];
  const files = Array.from({ length: 20 }, (_, file) => {
    const orders = Array.from({ length: 200 }, (_order, n) => file * 200 + n);
    const lines = orders.flatMap((n) => [
      line(n, 'order_created', { items }),
      line((n + 250) % 4000, 'delivered', {}),
    ]);
    return [`${String(file).padStart(2, '0')}.json`, ['broken', ...lines].join('\n')];
  });
  const counts = await drain(db, await createVolume(Object.fromEntries(files)), { maxFiles: 1 });
  expect(counts).toMatchObject({ batches: 20, events: 8000, quarantined: 20 });
  const scans = `
    select relname, seq_scan::integer from pg_stat_user_tables
    where schemaname = 'lakeflow' and n_tup_ins > 0 order by relname`;
  await vi.waitFor(async () => expect((await db.pool.query(scans)).rows).toHaveLength(21), {
    timeout: 120_000,
    interval: 200,
  });
  const { rows } = await db.pool.query<{ relname: string; seq_scan: number }>(scans);
  // An empty partition is scanned when it is attached and for each of its indexes, and never again.
  expect(rows.filter(({ seq_scan }) => seq_scan > 3)).toEqual([]);
  await db.close();
});

test('the places of a batch find their orders by a key, instead of comparing all with all', async () => {
  const db = await createTestDatabase();
  const connection = await db.pool.connect();
  await setUpSession(connection);
  const { rows } = await connection.query<{ 'QUERY PLAN': string }>(`explain ${writeStatement}`);
  connection.release(true);
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toContain('Index Cond: (order_id = place.order_id)');
  expect(plan).not.toContain('Join Filter: ((place.order_id');
  await db.close();
});
