import type { Connection } from '#db/client.ts';
import type { ParsedBatch } from '../parse/batch.ts';
import { findRepeated, noKeys, RepeatedEventsError } from './copy-batch.ts';

/**
 * Commits what `parse` makes as if all its events were new, which they nearly always are. Where some are not, the
 * keys of bronze say so before anything large is sent: then it is parsed without those, by their keys, and committed.
 */
export async function commitOnce<Result>(
  connection: Connection,
  parse: (repeated: Uint8Array) => ParsedBatch | Promise<ParsedBatch>,
  commit: (batch: ParsedBatch, repeated: Uint8Array) => Promise<Result>,
): Promise<Result> {
  const batch = await parse(noKeys);
  return commit(batch, noKeys).catch(async (error: unknown) => {
    if (!(error instanceof RepeatedEventsError)) throw error;
    const repeated = await findRepeated(connection, batch.keys);
    return commit(await parse(repeated), repeated);
  });
}
