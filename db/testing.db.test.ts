import { expect, test } from 'vitest';
import { createTestDatabase } from './testing.ts';

test('every test database is migrated, empty and separate, and dropped when closed', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await one.pool.query(`insert into simulator.brands (brand_id, name) values (1, 'Only here')`);
  const brands = await two.pool.query('select count(*)::integer as n from simulator.brands');
  expect(brands.rows).toEqual([{ n: 0 }]);
  await one.close();
  const left = await two.pool.query(`select from pg_database where datname = $1`, [nameOf(one.url)]);
  expect(left.rowCount).toBe(0);
  await two.close();
});

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}
