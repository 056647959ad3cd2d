import { sql } from 'drizzle-orm/sql';
import type { Connection, Database } from '#db/client.ts';
import { count, nullable, text } from '#db/columns.ts';
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

/**
 * What a rebuild found; `changed` says whether tables were corrected. Where raw events were deleted, `since` is the first
 * day (UTC) of those that are kept: of silver, only orders whose events all lie from there on can be compared.
 */
export type RebuildReport = {
  identical: boolean;
  changed: boolean;
  since: string | null;
  tables: Comparison[];
};

const settings = `
set local timezone = 'UTC';
set local work_mem = '64MB';
set local statement_timeout = 0;
set local idle_in_transaction_session_timeout = 0`;

/**
 * Computes silver and gold from bronze, beside the current tables, and compares them row by row. With `verify` it reads
 * one snapshot and blocks nothing; where old raw events were deleted, it compares the orders of the days that are kept,
 * and gold with silver. Otherwise it corrects the differences in the same transaction, while batches wait.
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
    const readsBronze = datasets.some(({ inputs }) => inputs.includes('all_events'));
    const since = readsBronze ? await findFirstDay(connection, options.verify) : null;
    const tables = await compareAll(connection, datasets, options, since);
    const identical = tables.every(({ differences }) => differences.length === 0);
    const changed = !options.verify && !identical;
    if (changed) await correctAll(connection, datasets, options);
    failpoint('rebuild-before-commit');
    await connection.query(options.verify ? 'rollback' : 'commit');
    return { identical, changed, since, tables };
  } finally {
    connection.release(true);
  }
}

const countEvents = statement({
  returns: { keys: count, events: count, deleted: count, since: nullable(text) },
  sql: () => sql`
    -- one row: the events that ever came, those that are still there, and those that retention deleted
    with retention as (
      select operation_parameters ->> 'before' as before,
        (operation_metrics ->> 'numDeletedRows')::bigint as deleted
      from lakeflow.table_history
      where table_name = 'all_events' and operation = 'RETENTION'
    )
    select
      (select count(*) from lakeflow.event_keys) as keys,
      (select count(*) from lakeflow.all_events) as events,
      (select coalesce(sum(deleted), 0)::bigint from retention) as deleted,
      (select max(before) from retention) as since`,
});

/**
 * Makes sure that bronze has every event that ever came, or for a comparison every event that retention has not deleted.
 * From a part of it, the silver and gold rows of the rest would look wrong.
 * @returns the first day whose events are all kept, null where all are. @throws OperatorError with the numbers.
 */
async function findFirstDay(connection: Connection, verify: boolean): Promise<string | null> {
  const [found] = await countEvents(connection, {});
  const { keys, events, deleted, since } = found ?? { keys: 0, events: 0, deleted: 0, since: null };
  if (keys === events) return null;
  if (verify && since !== null && keys === events + deleted) return since;
  throw new OperatorError(
    `Bronze has ${events} of the ${keys} events that came, so silver cannot be rebuilt from it. Nothing was changed. Gold can be rebuilt from silver: select its tables.`,
  );
}

async function compareAll(
  connection: Connection,
  datasets: readonly Dataset[],
  { onTable }: RebuildOptions,
  since: string | null,
): Promise<Comparison[]> {
  const rebuilt = new Set<string>();
  const compared: Comparison[] = [];
  for (const dataset of datasets) {
    onTable?.(compared.length, datasets.length, dataset.name);
    // From a part of bronze, the shadows of silver lack orders that gold counts: gold is then compared with silver.
    const isGold = dataset.layer === 'gold';
    await buildShadow(connection, dataset, isGold && since !== null ? new Set() : rebuilt);
    rebuilt.add(dataset.name);
    compared.push(await compareWithShadow(connection, dataset, isGold ? null : since));
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
