import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { count, integer, nullable, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { stream } from '#lib/random.ts';

/** How far the counts of sketches are from the true numbers: relative errors over `sets` sets. */
export type SketchError = { sets: number; values: number; mean: number; worst: number; worstSize: number };

export type MeasureOptions = {
  sets: number;
  /** The size of the largest set. Sizes are spread evenly over the logarithm, from the first that is estimated. */
  largest: number;
  seed: number;
  signal: AbortSignal;
  onSet?(done: number, soFar: SketchError): void;
};

/** Smaller sets are counted exactly. */
const MIN_ESTIMATED = 1024;
const PART_SIZE = 50_000;

const addPart = statement({
  params: { sketch: nullable(text), name: text, from: integer, to: integer },
  returns: { sketch: text },
  sql: ({ sketch, name, from, to }) => sql`
    select lakeflow.hll_union(
      ${sketch}::lakeflow.hll,
      lakeflow.hll_of(array_agg(lakeflow.hll_hash(${name}::text || '/' || n)))
    )::text as sketch
    from generate_series(${from}::integer, ${to}::integer) as n`,
});

const estimate = statement({
  params: { sketch: text },
  returns: { estimate: count },
  sql: ({ sketch }) => sql`select lakeflow.hll_cardinality(${sketch}::lakeflow.hll) as estimate`,
});

/**
 * Counts seeded sets through the sketches of the database and compares. The same seed gives the same sets. If `signal`
 * aborts, it returns the error over the sets counted so far.
 */
export async function measureSketches(
  { pool }: Pick<Database, 'pool'>,
  { sets, largest, seed, signal, onSet }: MeasureOptions,
): Promise<SketchError> {
  const random = stream(seed, 'sketches');
  const error: SketchError = { sets: 0, values: 0, mean: 0, worst: 0, worstSize: 0 };
  for (let set = 0; set < sets && !signal.aborted; set += 1) {
    const size = Math.round(MIN_ESTIMATED * (largest / MIN_ESTIMATED) ** random());
    const relativeError = Math.abs((await countSet(pool, `${seed}/${set}`, size)) / size - 1);
    error.mean += (relativeError - error.mean) / (set + 1);
    if (relativeError > error.worst) Object.assign(error, { worst: relativeError, worstSize: size });
    error.sets = set + 1;
    error.values += size;
    onSet?.(set + 1, error);
  }
  return error;
}

/** A set is merged from parts, as a window is merged from its batches. */
async function countSet(pool: Database['pool'], name: string, size: number): Promise<number> {
  let sketch: string | null = null;
  for (let from = 1; from <= size; from += PART_SIZE) {
    const to = Math.min(size, from + PART_SIZE - 1);
    const [part] = await addPart(pool, { sketch, name, from, to });
    sketch = part?.sketch ?? null;
  }
  const [counted] = sketch === null ? [] : await estimate(pool, { sketch });
  return counted?.estimate ?? 0;
}
