import { isUtf8 } from 'node:buffer';
import type { Connection } from '#db/client.ts';
import type { Rejection } from './bronze/rules.ts';
import type { BatchContext } from './dataset.ts';

/** A record that no table takes: where it stands, its source without loss, and why. */
export type QuarantinedRecord = Rejection & { file: string; line: number; bytes: Buffer };

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
  const raw = records.map(({ bytes }) => encode(bytes));
  await connection.query(write, [
    batchId,
    takenAt,
    records.map(({ file }) => file),
    records.map(({ line }) => line),
    raw.map(({ text }) => text),
    raw.map(({ encoding }) => encoding),
    records.map(({ rule }) => rule),
    records.map(({ reason }) => storable(reason)),
  ]);
}

function encode(bytes: Buffer): { text: string; encoding: 'text' | 'base64' } {
  return isUtf8(bytes) && !bytes.includes(0)
    ? { text: bytes.toString('utf8'), encoding: 'text' }
    : { text: bytes.toString('base64'), encoding: 'base64' };
}

/** A reason may quote the record, and with it what Postgres refuses. */
function storable(reason: string): string {
  return reason.replaceAll('\0', '\\u0000').toWellFormed();
}
