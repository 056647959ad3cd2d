import type { Connection } from '#db/client.ts';
import { CopyRows } from './bronze/copy-rows.ts';
import type { Rejection } from './bronze/rules.ts';
import { copyRowsInto } from './copy-rows-into.ts';
import type { BatchContext } from './dataset.ts';
import type { RecordSource } from './reading/record-source.ts';

/** A record that no table takes: where it stands, its source without loss, and why. */
export type QuarantinedRecord = Rejection & { file: string; line: number; source: RecordSource };

const columns = [
  'source_file',
  'line_no',
  'raw',
  'raw_encoding',
  'rule',
  'reason',
  'batch_id',
  'quarantined_at',
];

/** Keeps the broken records of a batch, within its transaction. They are copied: one may be as large as its file. */
export async function quarantine(
  connection: Connection,
  { batchId, takenAt }: BatchContext,
  records: readonly QuarantinedRecord[],
): Promise<void> {
  if (records.length === 0) return;
  const rows = new CopyRows(columns.length);
  for (const { file, line, source, rule, reason } of records) {
    rows.startRow();
    rows.text(file);
    rows.integer(line);
    rows.utf8(source.bytes);
    rows.text(source.encoding);
    rows.text(rule);
    rows.text(storable(reason));
    rows.bigint(batchId);
    rows.instant({ ms: takenAt.getTime(), micros: 0 });
  }
  await copyRowsInto(connection, `lakeflow.quarantined_records (${columns.join(', ')})`, rows.finish());
}

/** A reason may quote the record, and with it what Postgres refuses. */
function storable(reason: string): string {
  return reason.replaceAll('\0', '\\u0000').toWellFormed();
}
