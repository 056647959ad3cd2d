import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('a connection that is lost between two statements does not end the process, and the next one works', async () => {
  const connection = await db.pool.connect();
  await connection.query('begin');
  const { rows } = await connection.query<{ pid: number }>('select pg_backend_pid() as pid');
  const cut = new Promise((resolve) => connection.once('end', resolve));
  await db.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
  await cut;
  await expect(connection.query('commit')).rejects.toThrow();
  connection.release(true);
  expect((await db.pool.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
});
