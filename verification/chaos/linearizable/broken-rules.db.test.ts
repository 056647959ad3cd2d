import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { judgeHistory } from './judge-history.ts';
import { prepare } from './linearizable.ts';
import { playOrder } from './play-orders.ts';

const ORDERS = 60;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await prepare(db, ORDERS);
});
afterAll(() => db.close());

test('a rule that is broken in the database is found in what people are told', {
  timeout: 60_000,
}, async () => {
  await db.pool.query(`
    create or replace function refunds.status_after_revoke(wanted_order text) returns text language sql stable as $$ select 'queued' $$`);
  let found: string | undefined;
  for (let n = 1; n <= ORDERS && found === undefined; n += 1) {
    const { history } = await playOrder(db, `order-${String(n).padStart(8, '0')}`, 7);
    found = judgeHistory(history);
  }
  expect(found).toContain('no order of it fits');
});
