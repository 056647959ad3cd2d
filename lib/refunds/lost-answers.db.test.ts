import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection, Database } from '#db/client.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { BusyError } from '#lib/errors.ts';
import { decideRefund } from './decide-refund.ts';
import { addScoredOrder } from './orders.testing.ts';

const TIMES = 200;
const ana = { email: 'ana@example.com', role: 'reviewer' } as const;
let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  for (let n = 0; n < TIMES; n++) await addScoredOrder(db.pool, { orderId: `lost-${n}` });
});
afterAll(() => db.close());

test('of 200 decisions whose answer is lost around the commit each is found by its key, or decided then', async () => {
  let committed = 0;
  for (let n = 0; n < TIMES; n++) {
    const isCommitted = n % 2 === 0;
    const lost = await decide(breaking(db, isCommitted ? 'after' : 'before'), n).catch(
      (error: unknown) => error,
    );
    expect(lost).toBeInstanceOf(BusyError);
    expect((lost as BusyError).message).toContain('the same request decides once');
    const { decision, replayed } = await decide(db, n);
    expect([n, replayed]).toEqual([n, isCommitted]);
    expect(await decide(db, n)).toEqual({ decision, replayed: true });
    if (replayed) committed += 1;
  }
  expect(committed).toBe(TIMES / 2);
  const { rows } = await db.pool.query('select count(*)::integer as n from refunds.refund_decisions');
  expect(rows).toEqual([{ n: TIMES }]);
});

function decide(database: Database, n: number) {
  return decideRefund(database, ana, {
    orderId: `lost-${n}`,
    recommendationId: '1',
    refundClass: 'partial',
    amountUsd: '3.00',
    reason: 'It came late',
    idempotencyKey: `key-of-lost-${n}`,
  });
}

/** A database whose connections break with the commit: before it arrives, or after it was done. */
function breaking({ pool, ...rest }: Database, when: 'before' | 'after'): Database {
  const connect = async () => {
    const connection = await pool.connect();
    const query = async (text: unknown, values?: unknown[]) => {
      if (text !== 'commit') return connection.query(text as string, values);
      if (when === 'after') await connection.query('commit');
      throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    };
    return new Proxy(connection, {
      get: (target, name) => (name === 'query' ? query : Reflect.get(target, name, target)),
    }) as Connection;
  };
  const broken = new Proxy(pool, {
    get: (target, name) => (name === 'connect' ? connect : Reflect.get(target, name, target)),
  });
  return { ...rest, pool: broken };
}
