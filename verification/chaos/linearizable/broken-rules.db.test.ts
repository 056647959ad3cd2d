import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { checkHistory } from './check-history.ts';
import { prepareQueue } from './linearizable.ts';
import { playOrder } from './play-order.ts';

const ORDERS = 60;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await prepareQueue(db, ORDERS);
});
afterAll(() => db.close());

test('a rule that is broken in the database is found in the answers', async () => {
  await db.pool.query(`
    create or replace function refunds.status_after_revoke(wanted_order text) returns text language sql stable as $$ select 'queued' $$`);
  let found: string | undefined;
  for (let n = 1; n <= ORDERS && found === undefined; n += 1) {
    const { history } = await playOrder(db, `order-${String(n).padStart(8, '0')}`, 7);
    found = checkHistory(history);
  }
  expect(found).toContain('no order of its operations fits');
});
