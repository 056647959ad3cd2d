import type { Connection } from '#db/client.ts';
import type { QuarantinedRecord } from '../parse/batch.ts';
import { CopyRows } from '../parse/copy-rows.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';
import { copyRowsInto } from './copy-batch.ts';

const columns = [
  ...['source_file', 'line_no', 'raw', 'raw_encoding', 'rule', 'reason', 'batch_id', 'quarantined_at'],
  'order_id',
];

/** Stores the records that break a rule, within the batch's transaction; by COPY, as one may be as large as its file. */
export async function quarantine(
  connection: Connection,
  { batchId, ingestedAt }: BatchContext,
  records: readonly QuarantinedRecord[],
): Promise<void> {
  if (records.length === 0) return;
  const rows = new CopyRows(columns.length);
  for (const { file, line, source, rule, reason, orderId } of records) {
    rows.startRow();
    rows.text(file);
    rows.integer(line);
    rows.utf8(source.bytes);
    rows.text(source.encoding);
    rows.text(rule);
    rows.text(storable(reason));
    rows.bigint(batchId);
    rows.timestamp({ ms: ingestedAt.getTime(), micros: 0 });
    rows.text(orderId);
  }
  await copyRowsInto(connection, `lakeflow.quarantined_records (${columns.join(', ')})`, rows.finish());
}

/** A reason may quote the record, and with it characters that Postgres refuses. */
function storable(reason: string): string {
  return reason.replaceAll('\0', '\\u0000').toWellFormed();
}
