import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { commandEnvironment } from '#lib/command-environment.testing.ts';
import { createVolume, drain } from '#lib/pipeline/lakehouse.testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  const body = { items: [{ id: 1, brand_id: 2, price: 5, qty: 1 }] };
  const order = {
    event_id: 'e',
    order_id: 'o',
    ts: '2026-10-01 00:00:00',
    location: 'sf',
    sequence: 0,
    body,
  };
  await drain(
    db,
    await createVolume({ '1.json': JSON.stringify({ ...order, event_type: 'order_created' }) }),
  );
});
afterAll(() => db.close());

async function rebuild(...args: string[]) {
  const child = spawn(process.execPath, ['scripts/pipeline.ts', 'rebuild', ...args], {
    env: commandEnvironment({ DATABASE_URL: db.url }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, 'exit');
  const [data, talk] = await said;
  return { code, data, talk };
}

test('verify fails and lists a row that differs; a rebuild corrects it; then verify passes', async () => {
  await db.pool.query('update lakeflow.gold_order_header set total_qty = 9');
  const wrong = await rebuild('--verify', '--select', 'silver_order_items+');
  expect(wrong.code).toBe(1);
  const { tables } = JSON.parse(wrong.data);
  const header = tables.find(({ table }: { table: string }) => table === 'gold_order_header');
  expect(header.differences[0].columns).toEqual({ total_qty: { table: 9, rebuilt: 1 } });
  expect(wrong.talk).toContain('These tables differ from bronze: gold_order_header.');
  expect(await rebuild()).toMatchObject({ code: 0 });
  const right = await rebuild('--verify');
  expect(right.code).toBe(0);
  expect(JSON.parse(right.data)).toMatchObject({ identical: true, changed: false });
  expect(right.talk).toContain('verify 100%');
});

test('an unknown table is wrong usage', async () => {
  expect(await rebuild('--select', 'all_events')).toMatchObject({ code: 2, data: '' });
});
