import type { Connection } from '#db/client.ts';
import { recordEvent } from '../event-log/record-event.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';
import type { ExpectationResult } from './expectations.ts';

/** What an operation changed in one table; `metrics` are counts, bytes and milliseconds. */
export type TableChange = { table: string; metrics: Record<string, number> };

/** An operation on tables, such as a rebuild. */
export type Operation = { name: string; at: Date; parameters: Record<string, unknown> };

const insertVersions = `
insert into lakeflow.table_history (
  table_name, version, "timestamp", operation, operation_parameters, operation_metrics)
select
  change.table_name,
  coalesce(
    (select max(version) + 1 from lakeflow.table_history as past where past.table_name = change.table_name), 0),
  $1, $2, $3, change.metrics::jsonb
from unnest($4::text[], $5::text[]) as change (table_name, metrics)`;

/** Adds one version to the history of every table that an operation changed, within its transaction. */
export async function recordOperation(
  connection: Connection,
  { name, at, parameters }: Operation,
  changes: readonly TableChange[],
): Promise<void> {
  await connection.query(insertVersions, [
    at,
    name,
    JSON.stringify(parameters),
    changes.map(({ table }) => table),
    changes.map(({ metrics }) => JSON.stringify(metrics)),
  ]);
}

/**
 * Adds a batch to the history of its tables and to the event log, within its transaction: rows per table, the
 * expectations that were not met, and the unknown fields with the number of records that had each.
 */
export async function recordBatch(
  connection: Connection,
  { batchId, ingestedAt: at }: BatchContext,
  changes: readonly TableChange[],
  results: readonly ExpectationResult[],
  unknownFields: Record<string, number>,
): Promise<void> {
  await recordOperation(
    connection,
    { name: 'STREAMING UPDATE', at, parameters: { epochId: batchId } },
    changes,
  );
  const broken = results.filter(({ failed }) => failed > 0);
  await recordEvent(connection, {
    at,
    level: broken.length > 0 ? 'warn' : 'info',
    type: 'batch_committed',
    message: `Batch ${batchId}: ${describeChanges(changes)}${describeUnknown(unknownFields)}`,
    batchId,
    details: {
      flow_progress: {
        metrics: Object.fromEntries(changes.map(({ table, metrics }) => [table, metrics])),
        data_quality: {
          expectations: broken.map(({ dataset, expectation, action, passed, failed }) => ({
            ...{ name: expectation, dataset, action, passed_records: passed, failed_records: failed },
          })),
          unknown_fields: unknownFields,
        },
      },
    },
  });
}

function describeChanges(changes: readonly TableChange[]): string {
  const rows = changes.map(({ table, metrics }) => `${metrics.numOutputRows ?? 0} in ${table}`);
  return rows.length > 0 ? `${rows.join(', ')}.` : 'nothing new.';
}

function describeUnknown(unknownFields: Record<string, number>): string {
  const fields = Object.entries(unknownFields).map(
    ([name, records]) => `${JSON.stringify(name)} in ${records}`,
  );
  return fields.length > 0 ? ` Unknown fields: ${fields.join(', ')}.` : '';
}
