import type { Connection } from '#db/client.ts';
import type { BatchContext } from './dataset.ts';

/** What a batch did to one table; `metrics` are counts, bytes and milliseconds. */
export type TableChange = { table: string; metrics: Record<string, number> };

const write = `
insert into lakeflow.table_history (
  table_name, version, "timestamp", operation, operation_parameters, operation_metrics)
select
  change.table_name,
  coalesce(
    (select max(version) + 1 from lakeflow.table_history as past where past.table_name = change.table_name), 0),
  $1, 'STREAMING UPDATE', $2, change.metrics::jsonb
from unnest($3::text[], $4::text[]) as change (table_name, metrics)`;

/** Adds one version to the history of every table that a batch changed, within its transaction. */
export async function recordHistory(
  connection: Connection,
  { batchId, takenAt }: BatchContext,
  changes: readonly TableChange[],
): Promise<void> {
  await connection.query(write, [
    takenAt,
    JSON.stringify({ epochId: batchId }),
    changes.map(({ table }) => table),
    changes.map(({ metrics }) => JSON.stringify(metrics)),
  ]);
}
