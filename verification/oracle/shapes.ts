/**
 * How a value is written so that two engines write it alike: `float` may differ by rounding, and `count` beyond
 * 1,023 is an estimate within 6 %.
 */
export type Kind = 'text' | 'time' | 'money' | 'list' | 'float' | 'count';

/** What of a table is compared: its key, and every other column with its kind. */
export type Shape = { table: string; key: Record<string, Kind>; values: Record<string, Kind> };

const place = { gk_id: 'text', location: 'text', location_id: 'text' } as const;

export const shapes: readonly Shape[] = [
  {
    table: 'all_events',
    key: { event_id: 'text' },
    values: { event_type: 'text', ts: 'time', ...place, order_id: 'text', sequence: 'text' },
  },
  {
    table: 'silver_orders',
    key: { order_id: 'text' },
    values: {
      ...place,
      first_day: 'text',
      last_day: 'text',
      created_ts: 'time',
      delivered_ts: 'time',
      ready_ts: 'time',
      picked_up_ts: 'time',
    },
  },
  {
    table: 'silver_order_items',
    key: { order_id: 'text', line_no: 'text' },
    values: {
      ...{
        ...place,
        order_ts: 'time',
        order_day: 'text',
        item_id: 'text',
        menu_id: 'text',
        category_id: 'text',
      },
      ...{ brand_id: 'text', item_name: 'text', price: 'money', qty: 'text', extended_price: 'money' },
    },
  },
  {
    table: 'silver_deliveries',
    key: { order_id: 'text' },
    values: { ...place, created_ts: 'time', delivered_ts: 'time', delivery_minutes: 'float' },
  },
  {
    table: 'silver_delivery_phases',
    key: { order_id: 'text' },
    values: {
      location: 'text',
      delivered_ts: 'time',
      kitchen_minutes: 'float',
      handover_minutes: 'float',
      drive_minutes: 'float',
    },
  },
  {
    table: 'gold_order_header',
    key: { order_id: 'text' },
    values: {
      ...{ ...place, order_day: 'text', order_revenue: 'money', total_qty: 'text', total_items: 'text' },
      brands_in_order: 'list',
    },
  },
  {
    table: 'gold_item_sales_day',
    key: { day: 'text', item_id: 'text', menu_id: 'text', category_id: 'text', brand_id: 'text' },
    values: { units_sold: 'text', gross_revenue: 'money' },
  },
  {
    table: 'gold_brand_sales_day',
    key: { day: 'text', brand_id: 'text' },
    values: { orders: 'count', items_sold: 'text', brand_revenue: 'money' },
  },
  {
    table: 'gold_location_sales_hourly',
    key: { hour_ts: 'time', location: 'text' },
    values: { orders: 'count', revenue: 'money' },
  },
  {
    table: 'gold_delivery_times_hourly',
    key: { hour_ts: 'time', location: 'text' },
    values: { deliveries: 'text', p50: 'float', p75: 'float', p99: 'float' },
  },
  {
    table: 'gold_delivery_histogram_hourly',
    key: { hour_ts: 'time', location: 'text', minute: 'text' },
    values: { deliveries: 'text' },
  },
  {
    table: 'gold_delivery_phases_hourly',
    key: { hour_ts: 'time', location: 'text' },
    values: {
      ...{ deliveries: 'text', kitchen_deliveries: 'text', kitchen_p50: 'float' },
      ...{ handover_deliveries: 'text', handover_p50: 'float', drive_deliveries: 'text', drive_p50: 'float' },
    },
  },
];

type Writers = Readonly<Partial<Record<Kind, (column: string) => string>>>;

const postgres: Writers = {
  time: (column) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`,
  money: (column) => `${column}::numeric(20, 2)::text`,
  list: (column) => `array_to_string(${column}, ',')`,
};
const duckdb: Writers = {
  time: (column) => `strftime(${column}, '%Y-%m-%d %H:%M:%S.%f')`,
  money: (column) => `cast(cast(${column} as decimal(20, 2)) as varchar)`,
  list: (column) => `array_to_string(${column}, ',')`,
};

/** The query that reads a table of the lakehouse in the common writing. */
export function readPostgres(shape: Shape): string {
  return `select ${write(shape, postgres)} from lakeflow.${shape.table}`;
}

/** The same of the oracle's. */
export function readDuckdb(shape: Shape): string {
  return `select ${write(shape, duckdb)} from ${shape.table}`;
}

function write({ key, values }: Shape, writers: Writers): string {
  const columns = Object.entries({ ...key, ...values }).map(
    ([column, kind]) => `${writers[kind]?.(column) ?? `cast(${column} as varchar)`} as ${column}`,
  );
  return columns.join(', ');
}
