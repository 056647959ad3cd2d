import type { Database } from '#db/client.ts';
import { stream } from '#lib/random.ts';

/** How far the counts of sketches lie from the numbers of values: relative errors, of `sets` sets. */
export type SketchError = { sets: number; values: number; mean: number; worst: number; worstSize: number };

export type MeasureOptions = {
  sets: number;
  /** Values of the largest set at most; sizes spread evenly over the logarithm, from the switch on. */
  largest: number;
  seed: number;
  signal: AbortSignal;
  onSet?(done: number, sofar: SketchError): void;
};

const SWITCH = 1024;
const PART = 50_000;

/** A set is merged from parts of 50,000, as a window is from its batches. */
const merge = `
select lakeflow.hll_union($1::lakeflow.hll, lakeflow.hll_of(array_agg(lakeflow.hll_hash($2 || '/' || n))))::text as sketch
from generate_series($3::integer, $4::integer) as n`;

/**
 * Counts seeded sets through the sketches in the database and compares. The same seed gives the same sets; where
 * `signal` ends it, those that were counted.
 */
export async function measureSketches(
  { pool }: Pick<Database, 'pool'>,
  { sets, largest, seed, signal, onSet }: MeasureOptions,
): Promise<SketchError> {
  const random = stream(seed, 'sketches');
  const error: SketchError = { sets: 0, values: 0, mean: 0, worst: 0, worstSize: 0 };
  for (let set = 0; set < sets && !signal.aborted; set += 1) {
    const size = Math.round(SWITCH * (largest / SWITCH) ** random());
    const off = Math.abs((await countSet(pool, `${seed}/${set}`, size)) / size - 1);
    error.mean += (off - error.mean) / (set + 1);
    if (off > error.worst) Object.assign(error, { worst: off, worstSize: size });
    error.sets = set + 1;
    error.values += size;
    onSet?.(set + 1, error);
  }
  return error;
}

async function countSet(pool: Database['pool'], name: string, size: number): Promise<number> {
  let sketch: string | undefined;
  for (let from = 1; from <= size; from += PART) {
    const to = Math.min(size, from + PART - 1);
    const { rows } = await pool.query<{ sketch: string }>(merge, [sketch ?? null, name, from, to]);
    sketch = rows[0]?.sketch;
  }
  const { rows } = await pool.query<{ count: string }>(
    'select lakeflow.hll_cardinality($1::lakeflow.hll) as count',
    [sketch],
  );
  return Number(rows[0]?.count);
}
