import { join } from 'node:path';
import { writeFileAtomically } from '#lib/volume/index.ts';
import { encodeParquet } from './encode-parquet.ts';
import { readSource } from './read-source.ts';
import { tableNames } from './tables.ts';

/** Writes `<directory>/*.parquet` from `<directory>/source`. @returns rows per table. */
export async function buildDimensions(directory: string): Promise<Record<string, number>> {
  const dimensions = readSource(join(directory, 'source'));
  for (const table of tableNames)
    await writeFileAtomically(directory, `${table}.parquet`, encodeParquet(dimensions, table));
  return Object.fromEntries(tableNames.map((table) => [table, dimensions[table].length]));
}
