import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { ForbiddenError, NotFoundError } from '#lib/errors.ts';
import { requestRescore } from './request-rescore.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.pool.query(`
    insert into recommender.deferred_orders (order_id, rerun, since, not_before) values ('A', 0, now(), '-infinity')`);
});
afterAll(() => db.close());

test('a request to score again waits for the recommender, with the reviewer’s note and name', async () => {
  const reviewer = { email: 'ana@example.com', role: 'reviewer' } as const;
  await requestRescore(db, reviewer, { orderId: 'A', note: 'The rider waited.' });
  const { rows } = await db.pool.query(
    'select rerun, note, requested_by from recommender.deferred_orders where rerun > 0',
  );
  expect(rows).toEqual([{ rerun: 1, note: 'The rider waited.', requested_by: 'ana@example.com' }]);
});

test('a viewer cannot ask for it', async () => {
  const viewer = { email: 'vic@example.com', role: 'viewer' } as const;
  await expect(requestRescore(db, viewer, { orderId: 'A', note: 'x' })).rejects.toBeInstanceOf(
    ForbiddenError,
  );
});

test('where the recommender works on another database, the reviewer is told so', async () => {
  const reviewer = { email: 'ana@example.com', role: 'reviewer' } as const;
  const asked = requestRescore(db, reviewer, { orderId: 'elsewhere', note: 'x' });
  await expect(asked).rejects.toBeInstanceOf(NotFoundError);
  await expect(asked).rejects.toThrow('it cannot be asked from here. Nothing was written.');
});
