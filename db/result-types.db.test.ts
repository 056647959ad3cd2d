import { afterAll, beforeAll, expect, test } from 'vitest';
import { resultTypes } from './result-types.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test.each([
  '2026-01-02 03:04:05+00',
  '2026-01-02 03:04:05.6+00',
  '2026-01-02 03:04:05.678901+00',
  '2026-01-02 03:04:05.000001+00',
  '0001-01-01 00:00:00+00',
  '9999-12-31 23:59:59.999999+00',
  '12026-01-02 03:04:05.5+00',
])('%s is the instant that the driver reads', async (text) => {
  const query = { text: 'select $1::timestamptz as at, $2::numeric as n', values: [text, '1.50'] };
  const { rows } = await db.pool.query({ ...query, types: resultTypes });
  const driven = await db.pool.query<{ at: Date }>(query);
  expect(rows).toEqual([{ at: driven.rows[0]?.at.toISOString(), n: '1.50' }]);
});
