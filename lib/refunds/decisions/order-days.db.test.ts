import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, inTransaction } from '#db/client.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { liftLimit, recommend, type ScoredOrder } from '../orders.testing.ts';
import { decideRefund } from './decide-refund.ts';

const DAYS = 12;
const dayOf = (n: number) => `2026-01-${String(n).padStart(2, '0')}`;
const person = { email: 'ana@example.com', role: 'reviewer' } as const;
let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  const days = Array.from({ length: DAYS }, (_, n) => dayOf(n + 1));
  await db.pool.query('select lakeflow.add_partitions($1)', [days]);
  await liftLimit(db.pool);
});
afterAll(() => db.close());

/** An order as the pipeline leaves it: its lines in the partition of its day, and the note which day that is. */
async function addOrder(orderId: string, day: string): Promise<ScoredOrder> {
  await db.pool.query(
    `insert into lakeflow.silver_orders (order_id, first_day, last_day) values ($1, $2, $2::date + 1)`,
    [orderId, day],
  );
  await db.pool.query(
    `insert into lakeflow.silver_order_items
       (order_id, order_ts, order_day, line_no, brand_id, price, qty, extended_price, batch_id)
     select $1, $2::date, $2::date, line, line + 6, 10, 1, 10, 1 from generate_series(1, 2) as line`,
    [orderId, day],
  );
  return { orderId, deliveredTs: `${day}T12:00:00Z`, totalUsd: '20.00' };
}

/** The partitions of silver lines that a transaction has touched. */
async function touched(connection: Connection): Promise<string[]> {
  const { rows } = await connection.query<{ name: string }>(
    `select distinct relname as name from pg_locks join pg_class on pg_class.oid = relation
     where pid = pg_backend_pid() and relkind = 'r' and relname like 'silver_order_items_%' order by 1`,
  );
  return rows.map(({ name }) => name);
}

test('a new recommendation reads its brands only from the partitions of its days', async () => {
  const order = await addOrder('arrives', dayOf(3));
  const names = await inTransaction(db.pool, async (connection) => {
    await recommend(connection, order);
    return touched(connection);
  });
  expect(names).toHaveLength(2);
  const { rows } = await db.pool.query(`select brand_ids from refunds.cases where order_id = 'arrives'`);
  expect(rows).toEqual([{ brand_ids: [7, 8] }]);
});

test('a decision reads the total only from the partitions of its days, and enforces it', async () => {
  await recommend(db.pool, await addOrder('decided', dayOf(5)));
  const insert = `
    insert into refunds.refund_decisions (order_id, amount_usd, refund_class, reason, decided_by, order_total_usd,
      recommendation_id, source_suggestion, idempotency_key, request_hash)
    values ('decided', 0, 'none', 'test', 'ana', $1, 1, '{}', 'key-12345', '')`;
  await expect(db.pool.query(insert, ['30.00'])).rejects.toThrow('has a total of 20.00, not 30.00');
  const names = await inTransaction(db.pool, async (connection) => {
    await connection.query(insert, ['20.00']);
    return touched(connection);
  });
  expect(names).toHaveLength(2);
});

test('an order whose days were not recorded is found all the same', async () => {
  const order = await addOrder('unnoted', dayOf(7));
  await db.pool.query(`delete from lakeflow.silver_orders where order_id = 'unnoted'`);
  await recommend(db.pool, order);
  const outcome = await decideRefund(db, person, {
    orderId: 'unnoted',
    refundClass: 'full',
    amountUsd: '20.00',
    reason: 'Spilt',
    reasonCode: 'other',
    idempotencyKey: 'unnoted-1',
  });
  expect(outcome.decision).toMatchObject({ amountCents: 2000 });
  const { rows } = await db.pool.query(`select brand_ids from refunds.cases where order_id = 'unnoted'`);
  expect(rows).toEqual([{ brand_ids: [7, 8] }]);
});
