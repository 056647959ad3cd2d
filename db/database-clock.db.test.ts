import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDatabaseClock } from '#db/database-clock.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { systemClock } from '#lib/clock.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test.each([-26, 26])('a clock that is %i hours off is corrected and runs on', async (hours) => {
  const wrong = { now: () => new Date(systemClock.now().getTime() + hours * 3_600_000) };
  const right = await readDatabaseClock(db.pool, wrong);
  expect(Math.abs(right.now().getTime() - systemClock.now().getTime())).toBeLessThan(60_000);
  const ticking = { at: wrong.now().getTime(), now: () => new Date(ticking.at) };
  const put = await readDatabaseClock(db.pool, ticking);
  const first = put.now().getTime();
  ticking.at += 5000;
  expect(put.now().getTime() - first).toBe(5000);
});

test('a clock that agrees is returned as it is', async () => {
  expect(await readDatabaseClock(db.pool, systemClock)).toBe(systemClock);
});
