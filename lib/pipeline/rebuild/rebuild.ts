import { sql } from 'drizzle-orm/sql';
import type { Connection, Database } from '#db/client.ts';
import { count } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { Clock } from '#lib/clock.ts';
import { OperatorError } from '#lib/errors.ts';
import { failpoint } from '#lib/failpoint.ts';
import { recordOperation } from '../commit/history.ts';
import { recordEvent } from '../event-log/record-event.ts';
import type { Dataset } from '../tables/dataset/dataset.ts';
import { selectTables } from './select-tables.ts';
import { buildShadow, type Comparison, compareWithShadow, correctTable } from './shadow-table.ts';

export type RebuildOptions = {
  db: Database;
  clock: Clock;
  /** Tables, each perhaps with `+` for everything that is made from it; none means all of silver and gold. */
  select: readonly string[];
  /** Only compares, and changes nothing. */
  verify: boolean;
  /** Called before each table with the number that is done, and once more at the end. */
  onTable?(done: number, total: number, table: string): void;
};

/** What a rebuild found; `changed` says whether tables were corrected. */
export type RebuildReport = { identical: boolean; changed: boolean; tables: Comparison[] };

const settings = `
set local timezone = 'UTC';
set local work_mem = '64MB';
set local statement_timeout = 0;
set local idle_in_transaction_session_timeout = 0`;

/**
 * Computes silver and gold from bronze, beside the current tables, and compares them row by row. With `verify` it reads
 * one snapshot and blocks nothing. Otherwise it corrects the differences in the same transaction, while batches wait.
 */
export async function rebuild(options: RebuildOptions): Promise<RebuildReport> {
  const datasets = selectTables(options.select);
  const connection = await options.db.pool.connect();
  try {
    await connection.query('begin isolation level repeatable read');
    await connection.query(settings);
    // Before the first query, which takes the snapshot: the tables that are compared do not change until the end.
    if (!options.verify)
      await connection.query('lock table lakeflow.checkpoints in share row exclusive mode');
    if (datasets.some(({ inputs }) => inputs.includes('all_events'))) await requireWholeBronze(connection);
    const tables = await compareAll(connection, datasets, options);
    const identical = tables.every(({ differences }) => differences.length === 0);
    const changed = !options.verify && !identical;
    if (changed) await correctAll(connection, datasets, options);
    failpoint('rebuild-before-commit');
    await connection.query(options.verify ? 'rollback' : 'commit');
    return { identical, changed, tables };
  } finally {
    connection.release(true);
  }
}

const countEvents = statement({
  returns: { keys: count, events: count },
  sql: () => sql`
    -- one row: the events that ever came, and those that are still there
    select
      (select count(*) from lakeflow.event_keys) as keys,
      (select count(*) from lakeflow.all_events) as events`,
});

/**
 * Makes sure that bronze still has every event that ever came. From a part of it, the silver and gold rows of the rest
 * would look wrong. @throws OperatorError with the number of events that are there.
 */
async function requireWholeBronze(connection: Connection): Promise<void> {
  const [{ keys, events } = { keys: 0, events: 0 }] = await countEvents(connection, {});
  if (keys === events) return;
  throw new OperatorError(
    `Bronze has ${events} of the ${keys} events that came, so silver cannot be rebuilt from it. Nothing was changed. Gold can be rebuilt from silver: select its tables.`,
  );
}

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

async function correctAll(
  connection: Connection,
  datasets: readonly Dataset[],
  { clock, select }: RebuildOptions,
): Promise<void> {
  const at = clock.now();
  const changes = [];
  for (const dataset of datasets) {
    const metrics = await correctTable(connection, dataset);
    if (metrics.numDeletedRows + metrics.numOutputRows > 0) changes.push({ table: dataset.name, metrics });
  }
  await recordOperation(connection, { name: 'REBUILD', at, parameters: { select } }, changes);
  const tables = Object.fromEntries(changes.map(({ table, metrics }) => [table, metrics]));
  const message = `A rebuild corrected ${changes.map(({ table }) => table).join(', ')}.`;
  await recordEvent(connection, { at, level: 'warn', type: 'rebuild', message, details: { select, tables } });
}
