import type { Connection } from '#db/client.ts';
import { recordEvent } from '../event-log/record-event.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';
import type { ExpectationResult } from './expectations.ts';
import type { TableChange } from './history.ts';

/**
 * Adds the entry of a batch, within its transaction: rows per table, the expectations that were not met, and the names
 * of unknown fields with the records that had them.
 */
export async function recordBatchEvent(
  connection: Connection,
  { batchId, takenAt }: BatchContext,
  changes: readonly TableChange[],
  results: readonly ExpectationResult[],
  unknownFields: Record<string, number>,
): Promise<void> {
  const broken = results.filter(({ failed }) => failed > 0);
  await recordEvent(connection, {
    at: takenAt,
    level: broken.length > 0 ? 'warn' : 'info',
    type: 'batch_committed',
    message: `Batch ${batchId}: ${describe(changes)}${describeDrift(unknownFields)}`,
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

function describe(changes: readonly TableChange[]): string {
  const rows = changes.map(({ table, metrics }) => `${metrics.numOutputRows ?? 0} in ${table}`);
  return rows.length > 0 ? `${rows.join(', ')}.` : 'nothing new.';
}

function describeDrift(unknownFields: Record<string, number>): string {
  const fields = Object.entries(unknownFields).map(
    ([name, records]) => `${JSON.stringify(name)} in ${records}`,
  );
  return fields.length > 0 ? ` Unknown fields: ${fields.join(', ')}.` : '';
}
