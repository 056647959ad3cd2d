import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { measureSketches } from '../../maintenance/measure-sketches.ts';

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

test('the registers are those of the definition: low 12 bits the slot, leading zeros of the others the rank', async () => {
  const { rows } = await db.pool.query<{ wrong: number; slots: number }>(`
    with hashes as (
      select lakeflow.hll_hash(n::text) as hash from generate_series(1, 20000) as n
      union all
      select unnest(array[0, -1, 4095, 4096, 1::bigint << 63, 9223372036854775807])
    ),
    defined as (
      select
        hash & 4095 as slot,
        max(coalesce(nullif(position('1' in substr(hash::bit(64)::text, 1, 52)), 0), 53)) as rank
      from hashes group by 1
    )
    select count(*)::integer as slots, count(*) filter (where rank <> register)::integer as wrong
    from defined
    join (
      select register, at - 1 as slot
      from unnest((select lakeflow.hll_registers(array_agg(hash)) from hashes)) with ordinality as r (register, at)
    ) as registers using (slot)`);
  expect(rows).toEqual([{ slots: expect.any(Number), wrong: 0 }]);
  expect(rows[0]?.slots).toBeGreaterThan(4000);
});

/** The sketch of disjoint parts, added one after another; `compact` says after which it is made compact. */
async function add(parts: string[][], compact: boolean[]): Promise<string> {
  const sketches = parts.map((_part, n) => `(select ${SKETCH} from unnest($${n + 1}::text[]) as value)`);
  const close = (sketch: string, n: number) => (compact[n] ? `lakeflow.hll_compact(${sketch})` : sketch);
  const sum = sketches.reduce(
    (sofar, sketch, n) => close(`lakeflow.hll_add(${sofar}, ${sketch})`, n),
    'null',
  );
  return value<string>(`lakeflow.hll_compact(${sum})::text`, parts);
}

test('a set is the same compact sketch whenever it was made compact, in whatever parts it came', async () => {
  const sizes = fc.array(fc.nat(700), { minLength: 1, maxLength: 5 });
  const closings = fc.array(fc.boolean(), { minLength: 5, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(sizes, closings, async (given, compact) => {
      const parts = given.map((size, n) => Array.from({ length: size }, (_, m) => `${n}/${m}`));
      expect(await add(parts, compact)).toBe(await add([parts.toReversed().flat()], [false]));
    }),
    {
      numRuns: 40,
      examples: [
        [[1022, 1], [true]],
        [
          [1022, 1, 1],
          [true, true, true],
        ],
        [
          [0, 0],
          [true, false],
        ],
      ],
    },
  );
});

test('a compact sketch counts as before, exactly below 1,024, and takes less room', async () => {
  const { rows } = await db.pool.query(`
    select size,
      lakeflow.hll_cardinality(lakeflow.hll_compact(sketch)) = lakeflow.hll_cardinality(sketch) as same,
      lakeflow.hll_exact(lakeflow.hll_compact(sketch)) is not distinct from case when size < 1024 then size end as exact,
      length((lakeflow.hll_compact(sketch)).packed) <= least(3 * size, 4096) as small
    from unnest(array[0, 1, 500, 1023, 1024, 1500, 30000]) as size
    cross join lateral (
      select lakeflow.hll_of(array_agg(lakeflow.hll_hash(n::text))) as sketch from generate_series(1, size) as n
    ) as s`);
  expect(rows).toEqual(rows.map(({ size }) => ({ size, same: true, exact: true, small: true })));
});

test('compact sketches can be merged though they share values: by their registers', async () => {
  const numbers = (from: number, to: number) => `
    (select lakeflow.hll_compact(lakeflow.hll_of(array_agg(lakeflow.hll_hash(n::text)))) from generate_series(${from}, ${to}) as n)`;
  const merged = `lakeflow.hll_union(${numbers(1, 800)}, ${numbers(500, 900)})`;
  const count = Number(await value<string>(`lakeflow.hll_cardinality(${merged})`));
  expect(Math.abs(count / 900 - 1)).toBeLessThan(0.06);
  expect(await value(`lakeflow.hll_union(${merged}, ${numbers(20, 700)})::text = ${merged}::text`)).toBe(
    true,
  );
});

test('errs by 1.6 % in the mean and 6 % at worst above the switch', async () => {
  const { signal } = new AbortController();
  const error = await measureSketches(db, { sets: 40, largest: 50_000, seed: 1, signal });
  expect(error).toMatchObject({ sets: 40 });
  expect(error.mean).toBeLessThanOrEqual(0.016);
  expect(error.worst).toBeLessThanOrEqual(0.06);
});
