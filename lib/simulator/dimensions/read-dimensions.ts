import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { messageOf, OperatorError } from '#lib/errors.ts';
import { checkDimensions, type RawDimensions, type RawRow } from './check-dimensions.ts';
import { type Dimensions, type TableName, tableNames, tables } from './tables.ts';

/** Columns with another name in older files. */
const renamedColumns: Partial<Record<TableName, Record<string, string>>> = { brands: { id: 'brand_id' } };

/**
 * Reads the dimension tables from a directory with one `<table>.parquet` per table.
 * @throws OperatorError for a missing or unreadable file, a missing column, an invalid value or a dangling reference.
 */
export async function readDimensions(directory: string): Promise<Dimensions> {
  const read = await Promise.all(
    tableNames.map(async (table) => {
      const file = join(directory, `${table}.parquet`);
      return [table, { file, rows: await readRows(file, table) }];
    }),
  );
  return checkDimensions(Object.fromEntries(read) as RawDimensions);
}

async function readRows(path: string, table: TableName): Promise<RawRow[]> {
  if (!existsSync(path)) throw new OperatorError(`${path} is missing. Put the six dimension files there.`);
  const { columns, rows } = await readParquet(path).catch((error: unknown) => {
    throw new OperatorError(`${path} is not a readable Parquet file: ${messageOf(error)}.`, { cause: error });
  });
  const names = renamedColumns[table] ?? {};
  const present = new Set(columns.map((column) => names[column] ?? column));
  const missing = Object.entries(tables[table].shape).find(
    ([column, schema]) => !present.has(column) && !schema.safeParse(undefined).success,
  );
  if (missing) throw new OperatorError(`${path} has no column ${missing[0]}.`);
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => [names[column] ?? column, toNumber(value)]),
    ),
  );
}

async function readParquet(path: string): Promise<{ columns: string[]; rows: RawRow[] }> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
  return { columns, rows: await parquetReadObjects({ file, metadata, compressors }) };
}

/** INT64 is read as bigint. Ids and counts fit into a number, and the schema refuses larger values. */
function toNumber(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
