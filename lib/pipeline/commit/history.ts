import type { Connection } from '#db/client.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';

/** What a batch did to one table; `metrics` are counts, bytes and milliseconds. */
export type TableChange = { table: string; metrics: Record<string, number> };

const write = `
insert into lakeflow.table_history (
  table_name, version, "timestamp", operation, operation_parameters, operation_metrics)
select
  change.table_name,
  coalesce(
    (select max(version) + 1 from lakeflow.table_history as past where past.table_name = change.table_name), 0),
  $1, $2, $3, change.metrics::jsonb
from unnest($4::text[], $5::text[]) as change (table_name, metrics)`;

/** What was done at `at` other than by a batch, such as a rebuild. */
export type Operation = { name: string; at: Date; parameters: Record<string, unknown> };

/** Adds one version to the history of every table that an operation changed, within its transaction. */
export async function recordOperation(
  connection: Connection,
  { name, at, parameters }: Operation,
  changes: readonly TableChange[],
): Promise<void> {
  await connection.query(write, [
    at,
    name,
    JSON.stringify(parameters),
    changes.map(({ table }) => table),
    changes.map(({ metrics }) => JSON.stringify(metrics)),
  ]);
}

/** The same for a batch. */
export async function recordHistory(
  connection: Connection,
  { batchId, takenAt }: BatchContext,
  changes: readonly TableChange[],
): Promise<void> {
  const batch = { name: 'STREAMING UPDATE', at: takenAt, parameters: { epochId: batchId } };
  await recordOperation(connection, batch, changes);
}
