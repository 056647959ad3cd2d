import type { Connection, Database } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { failpoint } from '#lib/failpoint.ts';
import { recordOperation } from '../commit/history.ts';
import { recordEvent } from '../event-log/record-event.ts';
import type { Dataset } from '../tables/dataset/dataset.ts';
import { type Comparison, compareWithShadow } from './compare.ts';
import { putRight } from './put-right.ts';
import { requireWholeBronze } from './require-whole-bronze.ts';
import { selectTables } from './select-tables.ts';
import { buildShadow } from './shadow.ts';

export type RebuildOptions = {
  db: Database;
  clock: Clock;
  /** Tables, each perhaps with `+` for all that is made from it; none is all of silver and gold. */
  select: readonly string[];
  /** Compares and leaves everything as it is. */
  verify: boolean;
  /** Called before each table with how many are done, and once more at the end. */
  onTable?(done: number, total: number, table: string): void;
};

/** What a rebuild found; `changed` tells whether the tables were put right. */
export type RebuildReport = { identical: boolean; changed: boolean; tables: Comparison[] };

const settings = `
set local timezone = 'UTC';
set local work_mem = '64MB';
set local statement_timeout = 0;
set local idle_in_transaction_session_timeout = 0`;

/**
 * Computes silver and gold anew from bronze, beside the tables that there are, and compares row for row. `verify`
 * sees one moment and hinders nobody. Otherwise what differs is put right in the same transaction, while batches wait.
 */
export async function rebuild(options: RebuildOptions): Promise<RebuildReport> {
  const datasets = selectTables(options.select);
  const connection = await options.db.pool.connect();
  try {
    await connection.query('begin isolation level repeatable read');
    await connection.query(settings);
    // Before the first query, which takes the snapshot: what is compared stands still until the end.
    if (!options.verify)
      await connection.query('lock table lakeflow.checkpoints in share row exclusive mode');
    if (datasets.some(readsBronze)) await requireWholeBronze(connection);
    const tables = await compareAll(connection, datasets, options);
    const identical = tables.every(({ differences }) => differences.length === 0);
    const changed = !options.verify && !identical;
    if (changed) await putAllRight(connection, datasets, options);
    failpoint('rebuild-before-commit');
    await connection.query(options.verify ? 'rollback' : 'commit');
    return { identical, changed, tables };
  } finally {
    connection.release(true);
  }
}

const readsBronze = ({ inputs }: Dataset) => inputs.includes('all_events');

async function compareAll(
  connection: Connection,
  datasets: readonly Dataset[],
  { onTable }: RebuildOptions,
): Promise<Comparison[]> {
  const rebuilt = new Set<string>();
  const compared: Comparison[] = [];
  for (const dataset of datasets) {
    onTable?.(compared.length, datasets.length, dataset.name);
    await buildShadow(connection, dataset, rebuilt);
    rebuilt.add(dataset.name);
    compared.push(await compareWithShadow(connection, dataset));
  }
  onTable?.(compared.length, datasets.length, '');
  return compared;
}

async function putAllRight(
  connection: Connection,
  datasets: readonly Dataset[],
  { clock, select }: RebuildOptions,
): Promise<void> {
  const at = clock.now();
  const changes = [];
  for (const dataset of datasets) {
    const metrics = await putRight(connection, dataset);
    if (metrics.numDeletedRows + metrics.numOutputRows > 0) changes.push({ table: dataset.name, metrics });
  }
  await recordOperation(connection, { name: 'REBUILD', at, parameters: { select } }, changes);
  const tables = Object.fromEntries(changes.map(({ table, metrics }) => [table, metrics]));
  const message = `A rebuild put right ${changes.map(({ table }) => table).join(', ')}.`;
  await recordEvent(connection, { at, level: 'warn', type: 'rebuild', message, details: { select, tables } });
}
