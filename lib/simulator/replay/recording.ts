import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { messageOf, OperatorError } from '#lib/errors.ts';

const requiredColumns = ['order_id', 'location_id', 'event_type_id', 'ts_seconds', 'sequence'] as const;
const optionalColumns = [
  'customer_lat',
  'customer_lon',
  'customer_addr',
  'items_json',
  'route_json',
  'ping_lat',
  'ping_lon',
  'ping_progress',
] as const;
type Column = (typeof requiredColumns)[number] | (typeof optionalColumns)[number];
type Columns = Record<Column, unknown[]>;

/** The events of a recorded dataset in columns, one row per event. */
export type Recording = {
  file: string;
  rows: number;
  /** Distinguishes this recording from others. */
  fingerprint: string;
  /** The value of a column in a row; undefined where it is null or the column is missing. */
  value(column: Column, row: number): unknown;
  /** A required integer column. @throws OperatorError that names row and column where it is not a whole number. */
  count(column: Column, row: number): number;
};

/**
 * Reads `events.parquet` of a directory into memory, about 350 bytes per event.
 * @throws OperatorError where it is missing, not Parquet, empty, or lacks a column.
 */
export async function readRecording(directory: string): Promise<Recording> {
  const path = join(directory, 'events.parquet');
  if (!existsSync(path))
    throw new OperatorError(
      `${path} is missing. Name the directory of a recorded dataset: events.parquet beside the dimension files.`,
    );
  const { metadata, columns } = await readColumns(path).catch((error: unknown) => {
    throw new OperatorError(`${path} is not a readable Parquet file: ${messageOf(error)}.`, { cause: error });
  });
  const missing = requiredColumns.find((column) => columns[column].length === 0);
  const rows = Number(metadata.num_rows);
  if (rows === 0) throw new OperatorError(`${path} holds no events.`);
  if (missing)
    throw new OperatorError(`${path} has no column ${missing}. It needs ${requiredColumns.join(', ')}.`);
  const { size } = await stat(path);
  const value = (column: Column, row: number) => columns[column][row] ?? undefined;
  return {
    file: path,
    rows,
    fingerprint: `${rows} events in ${size} bytes`,
    value,
    count(column, row) {
      const found = value(column, row);
      const number = typeof found === 'bigint' ? Number(found) : found;
      if (typeof number === 'number' && Number.isInteger(number)) return number;
      throw new OperatorError(`${path} row ${row + 1}: ${column} is ${String(found)}, not a whole number.`);
    },
  };
}

async function readColumns(path: string): Promise<{ metadata: FileMetaData; columns: Columns }> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const present = new Set(parquetSchema(metadata).children.map(({ element }) => element.name));
  const wanted = [...requiredColumns, ...optionalColumns].filter((column) => present.has(column));
  const columns = Object.fromEntries(
    [...requiredColumns, ...optionalColumns].map((column) => [column, []]),
  ) as unknown as Columns;
  await parquetRead({
    file,
    metadata,
    compressors,
    columns: wanted,
    onChunk({ columnName, columnData, rowStart }) {
      const target = columns[columnName as Column];
      for (let index = 0; index < columnData.length; index += 1) target[rowStart + index] = columnData[index];
    },
  });
  return { metadata, columns };
}
