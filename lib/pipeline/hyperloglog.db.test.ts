import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const SKETCH = 'lakeflow.hll_of(array_agg(lakeflow.hll_hash(value)))';

async function value<Type>(sql: string, parameters: unknown[] = []): Promise<Type> {
  const { rows } = await db.pool.query<{ value: Type }>(`select ${sql} as value`, parameters);
  return rows[0]?.value as Type;
}

/** The sketch of texts, merged from the parts in their order, as text. */
async function merge(parts: string[][]): Promise<string> {
  const sketches = parts.map((_part, n) => `(select ${SKETCH} from unnest($${n + 1}::text[]) as value)`);
  const union = sketches.reduce((merged, sketch) => `lakeflow.hll_union(${merged}, ${sketch})`, 'null');
  return value<string>(`(${union})::text`, parts);
}

test('counts exactly below 1,024 values, however often each comes', async () => {
  const counts = [1, 2, 100, 1022, 1023];
  for (const count of counts)
    expect(
      await value<string>(
        `(select lakeflow.hll_cardinality(${SKETCH}) from (
          select 'order-' || n as value from generate_series(1, ${count}) as n, generate_series(1, 3)) as v)`,
      ),
    ).toBe(String(count));
});

test('keeps registers from 1,024 values on, and never goes back', async () => {
  const registers = (count: number) =>
    value<number | null>(
      `(select cardinality((${SKETCH}).registers) from (select n::text as value from generate_series(1, ${count}) as n) as v)`,
    );
  expect(await registers(1023)).toBeNull();
  expect(await registers(1024)).toBe(4096);
  expect(await value('lakeflow.hll_cardinality(lakeflow.hll_of(null))')).toBe('0');
});

test('is the same whatever the order, the grouping and the repetitions', async () => {
  const element = fc.nat(3000).map(String);
  const parts = fc.array(fc.array(element, { maxLength: 400 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(parts, fc.infiniteStream(fc.nat()), async (given, keys) => {
      const sorted = [...new Set(given.flat())].sort();
      const shuffled = given.map((part) => ({ part, key: keys.next().value })).sort((a, b) => a.key - b.key);
      const merged = await merge(given);
      expect(await merge(shuffled.map(({ part }) => part.toReversed()))).toBe(merged);
      expect(await merge([...given, ...given])).toBe(merged);
      expect(await merge([sorted])).toBe(merged === null ? null : merged);
    }),
    { numRuns: 40 },
  );
});

test('merging sketches is merging sets across the switch', async () => {
  const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => String(from + n));
  const whole = await merge([numbers(0, 5000)]);
  expect(await merge([numbers(0, 600), numbers(500, 1100), numbers(1000, 5000)])).toBe(whole);
  expect(await merge([numbers(3000, 5000), numbers(0, 3001)])).toBe(whole);
  expect(await merge([numbers(0, 5000), numbers(10, 20)])).toBe(whole);
});

test('errs by 1.6 % in the mean and 6 % at worst above the switch', async () => {
  const { rows } = await db.pool.query<{ mean: number; worst: number }>(`
    with samples as (
      select size, seed from unnest(array[1024, 2000, 5000, 20000, 50000]) as size, generate_series(1, 12) as seed
    ),
    errors as (
      select abs(lakeflow.hll_cardinality(sketch)::double precision / size - 1) as error
      from samples
      cross join lateral (
        select ${SKETCH} as sketch
        from (select md5(seed || '/' || size || '/' || n) as value from generate_series(1, size) as n) as v
      ) as s
    )
    select avg(error) as mean, max(error) as worst from errors`);
  expect(rows[0]?.mean).toBeLessThanOrEqual(0.016);
  expect(rows[0]?.worst).toBeLessThanOrEqual(0.06);
});
