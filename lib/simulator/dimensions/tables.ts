import { z } from 'zod';

const id = z.int().min(0).max(2_147_483_647);
const text = z.string().min(1);
const optionalText = z.string().nullable().default(null);
const optionalNumber = z.number().nullable().default(null);
const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 09:30')
  .nullable()
  .default(null);
const timeZone = z
  .string()
  .refine(isTimeZone, 'must be a time zone such as America/Denver')
  .nullable()
  .default(null);
const price = z
  .number()
  .min(0)
  .max(1_000_000)
  .refine((value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-6, 'has a fraction of a cent');

/** The dimension tables, parents before children. Columns with a default may be absent from a file. */
export const tables = {
  brands: z.object({
    brand_id: id,
    name: text,
    cuisine_type: optionalText,
    avg_prep_time_min: z.int().min(1).nullable().default(null),
  }),
  menus: z.object({ id, brand_id: id, name: text }),
  categories: z.object({ id, menu_id: id, brand_id: id, name: text }),
  items: z.object({ id, category_id: id, menu_id: id, brand_id: id, name: text, price }),
  locations: z.object({
    location_id: id,
    location_code: z
      .string()
      .regex(
        /^[a-z][a-z0-9_-]{0,39}$/,
        'must be lower-case letters, digits, _ and -, starting with a letter',
      ),
    name: text,
    address: optionalText,
    lat: z.number().min(-90).max(90),
    lon: z.number().min(-180).max(180),
    narrative: optionalText,
    base_orders_day: z.number().min(0).nullable().default(null),
    growth_rate_daily: optionalNumber,
    time_zone: timeZone,
    opens_at: timeOfDay,
    closes_at: timeOfDay,
  }),
  brand_locations: z
    .object({
      brand_location_id: id,
      brand_id: id,
      location_id: id,
      start_day: z.int(),
      end_day: z.int().nullable().default(null),
      trajectory: optionalText,
      growth_rate_monthly: optionalNumber,
    })
    .refine((row) => row.end_day === null || row.end_day > row.start_day, {
      path: ['end_day'],
      message: 'must be after start_day',
    }),
};

export type TableName = keyof typeof tables;
export type Row<Table extends TableName> = z.infer<(typeof tables)[Table]>;
export type Dimensions = { [Table in TableName]: Row<Table>[] };

/** Parents before children. */
export const tableNames = Object.keys(tables) as TableName[];

export const primaryKeys = {
  brands: 'brand_id',
  menus: 'id',
  categories: 'id',
  items: 'id',
  locations: 'location_id',
  brand_locations: 'brand_location_id',
} as const satisfies Record<TableName, string>;

/** The foreign keys: `column` of `table` refers to the primary key of `parent`. */
export const references: { table: TableName; column: string; parent: TableName }[] = [
  { table: 'menus', column: 'brand_id', parent: 'brands' },
  { table: 'categories', column: 'menu_id', parent: 'menus' },
  { table: 'categories', column: 'brand_id', parent: 'brands' },
  { table: 'items', column: 'category_id', parent: 'categories' },
  { table: 'items', column: 'menu_id', parent: 'menus' },
  { table: 'items', column: 'brand_id', parent: 'brands' },
  { table: 'brand_locations', column: 'brand_id', parent: 'brands' },
  { table: 'brand_locations', column: 'location_id', parent: 'locations' },
];

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
