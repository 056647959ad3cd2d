import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { Connection } from '#db/client.ts';

/** Copies rows in the binary form of COPY into `table`, which may name its columns, within its transaction. */
export async function copyRowsInto(connection: Connection, table: string, rows: Uint8Array[]): Promise<void> {
  const target = connection.query(copyFrom(`copy ${table} from stdin (format binary)`));
  await pipeline(Readable.from(rows, { objectMode: false }), target);
}
