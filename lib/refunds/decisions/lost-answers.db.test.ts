import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection, Database } from '#db/client.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { BusyError } from '#lib/errors.ts';
import { addScoredOrder } from '../orders.testing.ts';
import { decideRefund } from './decide-refund.ts';
import { findOutcome } from './find-outcome.ts';

const TIMES = 200;
const ana = { email: 'ana@example.com', role: 'reviewer' } as const;
let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  for (let n = 0; n < TIMES; n++) await addScoredOrder(db.pool, { orderId: `lost-${n}` });
});
afterAll(() => db.close());

test('each of 200 decisions whose answer is lost around the commit is found by its key, or can be repeated', async () => {
  let committed = 0;
  for (let n = 0; n < TIMES; n++) {
    const isCommitted = n % 2 === 0;
    const lost = await decide(breaking(db, isCommitted ? 'after' : 'before'), n).catch(
      (error: unknown) => error,
    );
    expect(lost).toBeInstanceOf(BusyError);
    expect((lost as BusyError).message).toContain('the same request decides once');
    const found = await findOutcome(db, ana, { orderId: `lost-${n}`, idempotencyKey: `key-of-lost-${n}` });
    expect([n, found?.decision?.orderId]).toEqual([n, isCommitted ? `lost-${n}` : undefined]);
    const { decision, replayed } = await decide(db, n);
    expect([n, replayed]).toEqual([n, isCommitted]);
    expect(await decide(db, n)).toEqual({ decision, replayed: true });
    if (replayed) committed += 1;
  }
  expect(committed).toBe(TIMES / 2);
  const { rows } = await db.pool.query('select count(*)::integer as n from refunds.refund_decisions');
  expect(rows).toEqual([{ n: TIMES }]);
});

test('the outcome of a request waits while it is being carried out, and is only its person’s', async () => {
  await addScoredOrder(db.pool, { orderId: `lost-${TIMES}` });
  const asked = { orderId: `lost-${TIMES}`, idempotencyKey: `key-of-lost-${TIMES}` };
  const deciding = Promise.withResolvers<void>();
  const commit = Promise.withResolvers<void>();
  const decided = decide(slow(db, deciding.resolve, commit.promise), TIMES);
  await deciding.promise;
  const found = findOutcome(db, ana, asked);
  expect(await Promise.race([found, new Promise((resolve) => setTimeout(resolve, 200, 'waits'))])).toBe(
    'waits',
  );
  commit.resolve();
  expect((await found)?.decision).toEqual((await decided).decision);
  expect(await findOutcome(db, { email: 'ben@example.com' }, asked)).toBeUndefined();
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
function breaking(database: Database, when: 'before' | 'after'): Database {
  return atCommit(database, async (commit) => {
    if (when === 'after') await commit();
    throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  });
}

/** A database that says when it is about to commit, and waits. */
function slow(database: Database, onCommit: () => void, until: Promise<void>): Database {
  return atCommit(database, async (commit) => {
    onCommit();
    await until;
    return commit();
  });
}

function atCommit(
  { pool, ...rest }: Database,
  doCommit: (commit: () => Promise<unknown>) => Promise<unknown>,
): Database {
  const connect = async () => {
    const connection = await pool.connect();
    const query = (text: unknown, values?: unknown[]) =>
      text === 'commit'
        ? doCommit(() => connection.query('commit'))
        : connection.query(text as string, values);
    return new Proxy(connection, {
      get: (target, name) => (name === 'query' ? query : Reflect.get(target, name, target)),
    }) as Connection;
  };
  const changed = new Proxy(pool, {
    get: (target, name) => (name === 'connect' ? connect : Reflect.get(target, name, target)),
  });
  return { ...rest, pool: changed };
}
