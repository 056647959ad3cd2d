import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Database, Pool } from '#db/client.ts';
import { sleep, systemClock } from '#lib/clock.ts';
import { defaultLimits, type PipelineCounts, type PipelineOptions } from './run/options.ts';
import { runPipeline } from './run/run.ts';
import type { Dataset } from './tables/dataset/dataset.ts';
import { comparable, selectWhole } from './tables/dataset/whole-table.ts';
import { flow } from './tables/flow.ts';

/** A new volume with these files. */
export async function createVolume(files: Record<string, string | Buffer> = {}): Promise<string> {
  const volume = await mkdtemp(join(tmpdir(), 'pipeline-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(volume, name), content);
  return volume;
}

type DrainOptions = Partial<PipelineOptions> & { maxFiles?: number };

/** Options of a run for tests: quiet, on the system's clock, unless said otherwise. */
export function testOptions(db: Database, volume: string, options: DrainOptions = {}): PipelineOptions {
  const { maxFiles = defaultLimits.maxFiles, ...rest } = options;
  return {
    db,
    volume,
    mode: 'once',
    addressKey: 'the-key-of-the-tests-0123456789abcdef',
    limits: { ...defaultLimits, maxFiles },
    clock: systemClock,
    sleep,
    signal: new AbortController().signal,
    say: () => undefined,
    ...rest,
  };
}

/** Runs the pipeline until the volume is drained. */
export function drain(db: Database, volume: string, options: DrainOptions = {}): Promise<PipelineCounts> {
  return runPipeline(testOptions(db, volume, options));
}

const tables = [
  'all_events event_keys silver_orders silver_order_items silver_deliveries silver_delivery_phases gold_order_header gold_item_sales_day gold_brand_sales_day',
  'gold_location_sales_hourly gold_delivery_times_hourly gold_delivery_histogram_hourly gold_delivery_phases_hourly ingested_files checkpoints quarantined_records',
  'silver_customer_places location_activity late_events expectation_results table_history pipeline_events',
]
  .join(' ')
  .split(' ')
  .map((table) => `lakeflow.${table}`);

/** Makes the lakehouse as empty as after its migration; bronze refuses that of everybody else. */
export async function emptyLakehouse(pool: Pool): Promise<void> {
  await pool.query(`
    begin;
    set local session_replication_role = replica;
    truncate ${tables.join(', ')};
    commit`);
}

export type Rows = Record<string, string | null>[];

/** Every row and column of a query as texts, in one order whatever the plan. */
export async function readRows(pool: Pool, sql: string): Promise<Rows> {
  const { rows } = await pool.query<{ row: string }>(
    `select to_json(result)::text as row from (${sql}) as result order by 1`,
  );
  return rows.map(({ row }) =>
    JSON.parse(row, (_key, value) => (typeof value === 'number' ? `${value}` : value)),
  );
}

/** The table equals its declaration computed at once; sketches in their compact form, and late orders left out. */
export async function expectKept(pool: Pool, dataset: Dataset): Promise<void> {
  const columns = comparable(dataset.columns);
  const kept = await readRows(pool, `select ${columns} from lakeflow.${dataset.name}`);
  const whole = `select ${columns} from (${selectWhole(dataset, 'storedBody')}) as whole`;
  expect({ [dataset.name]: kept }).toEqual({ [dataset.name]: await readRows(pool, whole) });
}

/** The same for every table of silver and gold. */
export async function expectWhole(pool: Pool): Promise<void> {
  for (const dataset of flow.filter(({ storedBody }) => storedBody !== null)) await expectKept(pool, dataset);
}
