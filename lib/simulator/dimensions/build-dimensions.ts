import { join } from 'node:path';
import { type BasicType, parquetWriteBuffer } from 'hyparquet-writer';
import { writeFileAtomically } from '#lib/volume/index.ts';
import { readSource } from './read-source.ts';
import { type Dimensions, type Row, type TableName, tableNames } from './tables.ts';

/** Writes `<directory>/*.parquet` from `<directory>/source`. @returns the number of rows of each table. */
export async function buildDimensions(directory: string): Promise<Record<string, number>> {
  const dimensions = readSource(join(directory, 'source'));
  for (const table of tableNames)
    await writeFileAtomically(directory, `${table}.parquet`, encodeParquet(dimensions, table));
  return Object.fromEntries(tableNames.map((table) => [table, dimensions[table].length]));
}

const columnTypes: { [Table in TableName]: Record<keyof Row<Table>, BasicType> } = {
  brands: { brand_id: 'INT64', name: 'STRING', cuisine_type: 'STRING', avg_prep_time_min: 'INT64' },
  menus: { id: 'INT64', brand_id: 'INT64', name: 'STRING' },
  categories: { id: 'INT64', menu_id: 'INT64', brand_id: 'INT64', name: 'STRING' },
  items: {
    id: 'INT64',
    category_id: 'INT64',
    menu_id: 'INT64',
    brand_id: 'INT64',
    name: 'STRING',
    price: 'DOUBLE',
  },
  locations: {
    location_id: 'INT64',
    location_code: 'STRING',
    name: 'STRING',
    address: 'STRING',
    lat: 'DOUBLE',
    lon: 'DOUBLE',
    narrative: 'STRING',
    base_orders_day: 'INT64',
    growth_rate_daily: 'DOUBLE',
    time_zone: 'STRING',
    opens_at: 'STRING',
    closes_at: 'STRING',
  },
  brand_locations: {
    brand_location_id: 'INT64',
    brand_id: 'INT64',
    location_id: 'INT64',
    start_day: 'INT64',
    end_day: 'DOUBLE',
    trajectory: 'STRING',
    growth_rate_monthly: 'DOUBLE',
  },
};

/** Encodes one dimension table as a Parquet file. The same rows give the same bytes. */
export function encodeParquet(dimensions: Dimensions, table: TableName): Uint8Array {
  const rows: Record<string, unknown>[] = dimensions[table];
  const columnData = Object.entries<BasicType>(columnTypes[table]).map(([name, type]) => ({
    name,
    type,
    data: rows.map((row) => encodeValue(row[name], type)),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

function encodeValue(value: unknown, type: BasicType): unknown {
  return type === 'INT64' && typeof value === 'number' ? BigInt(value) : value;
}
