import type { Pool } from '#db/client.ts';
import type { Oracle, Written } from './compute.ts';
import { type Kind, readPostgres, type Shape, shapes } from './shapes.ts';

const SHOWN = 10;
const ROUNDING = 1e-6;
/** The largest count that is exact, and how far off an estimate above it may be. */
const sketch = { exact: 1023, error: 0.06 };

/**
 * Compares the lakehouse with what the raw files say, in every row and column, money to the cent.
 * @returns one sentence for each of the first differences of a table; none where they are equal.
 */
export async function compareWithOracle(pool: Pool, oracle: Oracle): Promise<string[]> {
  const differences: string[] = [];
  for (const shape of shapes) {
    const { rows } = await pool.query<Written>(readPostgres(shape));
    differences.push(...compareTable(shape, rows, oracle.tables.get(shape.table) ?? []));
  }
  return differences;
}

function compareTable(shape: Shape, there: readonly Written[], meant: readonly Written[]): string[] {
  const expected = byKey(shape, meant);
  const found = byKey(shape, there);
  const wrong = [
    ...(found.size < there.length ? [`has ${there.length - found.size} rows twice`] : []),
    ...[...expected.keys()].filter((key) => !found.has(key)).map((key) => `lacks ${key}`),
    ...[...found].flatMap(([key, row]) => describeRow(shape, key, row, expected.get(key))),
  ];
  const more = wrong.length > SHOWN ? [`${shape.table}: and ${wrong.length - SHOWN} more differences`] : [];
  return [...wrong.slice(0, SHOWN).map((sentence) => `${shape.table} ${sentence}`), ...more];
}

function byKey({ key }: Shape, rows: readonly Written[]): Map<string, Written> {
  return new Map(rows.map((row) => [JSON.stringify(Object.keys(key).map((column) => row[column])), row]));
}

function describeRow({ values }: Shape, key: string, row: Written, meant: Written | undefined): string[] {
  if (!meant) return [`has ${key}, which no file says`];
  return Object.entries(values)
    .filter(([column, kind]) => !agree(kind, row[column] ?? null, meant[column] ?? null))
    .map(([column]) => `${key}: ${column} is ${row[column]} and must be ${meant[column]}`);
}

function agree(kind: Kind, value: string | null, meant: string | null): boolean {
  if (value === meant || value === null || meant === null) return value === meant;
  if (kind === 'float') return Math.abs(Number(value) - Number(meant)) <= ROUNDING;
  if (kind !== 'count' || Number(meant) <= sketch.exact) return false;
  return Math.abs(Number(value) / Number(meant) - 1) <= sketch.error;
}
