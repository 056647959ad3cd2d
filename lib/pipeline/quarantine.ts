import type { Connection } from '#db/client.ts';
import type { Rejection } from './bronze/rules.ts';
import type { BatchContext } from './dataset.ts';
import type { RecordSource } from './reading/record-source.ts';

/** A record that no table takes: where it stands, its source without loss, and why. */
export type QuarantinedRecord = Rejection & { file: string; line: number; source: RecordSource };

const write = `
insert into lakeflow.quarantined_records (
  source_file, line_no, raw, raw_encoding, rule, reason, batch_id, quarantined_at)
select record.*, $1, $2
from unnest($3::text[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::text[]) as record`;

/** Keeps the broken records of a batch, within its transaction. */
export async function quarantine(
  connection: Connection,
  { batchId, takenAt }: BatchContext,
  records: readonly QuarantinedRecord[],
): Promise<void> {
  if (records.length === 0) return;
  await connection.query(write, [
    batchId,
    takenAt,
    records.map(({ file }) => file),
    records.map(({ line }) => line),
    records.map(({ source }) => source.text),
    records.map(({ source }) => source.encoding),
    records.map(({ rule }) => rule),
    records.map(({ reason }) => storable(reason)),
  ]);
}

/** A reason may quote the record, and with it what Postgres refuses. */
function storable(reason: string): string {
  return reason.replaceAll('\0', '\\u0000').toWellFormed();
}
