import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { snoozeOrder } from '../cases/case-steps.ts';
import { addScoredOrder } from '../orders.testing.ts';
import { eventStream } from './event-stream.ts';
import { feedOf } from './feed.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const ana = { email: 'ana@example.com', role: 'reviewer' } as const;

test('all streams get a new recommendation and a step of an order', async () => {
  const streams = [open(), open()];
  await Promise.all(streams.map((stream) => stream.until('retry')));
  await untilListening();
  await addScoredOrder(db.pool, { orderId: 'heard' });
  for (const stream of streams) await stream.until('event: recommendations');
  await snoozeOrder(db, ana, { orderId: 'heard', minutes: 5, note: 'Later' });
  for (const stream of streams) await stream.until('event: case\ndata: {"order_id":"heard"}');
  for (const stream of streams) stream.leave();
  await untilListening(0);
});

test('streams that open before listening has begun get a missed event', async () => {
  const [first, other] = [open(), open()];
  await Promise.all([first.until('event: missed'), other.until('event: missed')]);
  first.leave();
  other.leave();
  await untilListening(0);
});

test('after the connection to the database has broken, streams get a missed event', async () => {
  const stream = open();
  await stream.until('event: missed');
  await db.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%'`,
  );
  await expect.poll(() => stream.count('event: missed'), { timeout: 120_000 }).toBe(2);
  stream.leave();
});

test('a listener that throws is reported, and the others still get the event', async () => {
  const warned = new Promise((resolve) => process.once('warning', resolve));
  const { subscribe } = feedOf(db.pool);
  const unsubscribe = subscribe(() => {
    throw new Error('a broken listener');
  });
  const stream = open();
  await stream.until('event: missed');
  expect(await warned).toMatchObject({ message: 'a broken listener' });
  await addScoredOrder(db.pool, { orderId: 'after the error' });
  await stream.until('event: recommendations');
  unsubscribe();
  stream.leave();
  await untilListening(0);
});

test('the stream ends when the session is no longer valid', async () => {
  let isIn = true;
  const stream = open(async () => isIn);
  await stream.until(': here');
  isIn = false;
  await stream.until('event: ended');
  expect(await stream.closed).toBe(true);
});

test('a browser that leaves while its session is checked is sent nothing more', async () => {
  const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<boolean>()];
  const failures: unknown[] = [];
  const note = (reason: unknown) => failures.push(reason);
  process.on('unhandledRejection', note);
  const isSessionValid = () => {
    asked.resolve();
    return answer.promise;
  };
  const { subscribe } = feedOf(db.pool);
  const stream = eventStream({
    subscribe,
    isSessionValid,
    checkMs: 20,
    signal: new AbortController().signal,
  });
  await asked.promise;
  await stream.cancel();
  answer.resolve(true);
  await new Promise((resolve) => setTimeout(resolve, 30));
  process.off('unhandledRejection', note);
  expect(failures).toEqual([]);
});

/** Reads a stream as a browser does. */
function open(isSessionValid: () => Promise<boolean> = async () => true) {
  const gone = new AbortController();
  const { subscribe } = feedOf(db.pool);
  const stream = eventStream({ subscribe, isSessionValid, checkMs: 20, signal: gone.signal });
  let text = '';
  const closed = (async () => {
    for await (const chunk of stream) text += Buffer.from(chunk as Uint8Array).toString('utf8');
    return true;
  })();
  const until = (part: string) => expect.poll(() => text, { timeout: 120_000 }).toContain(part);
  const count = (part: string) => text.split(part).length - 1;
  return { until, count, closed, leave: () => gone.abort() };
}

async function untilListening(count = 1): Promise<void> {
  const listening = `select from pg_stat_activity where datname = current_database() and query = 'listen pg_recommendations'`;
  await expect.poll(async () => (await db.pool.query(listening)).rowCount, { timeout: 120_000 }).toBe(count);
}
