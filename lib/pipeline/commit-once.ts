import type { Connection } from '#db/client.ts';
import { findRepeated, RepeatedEventsError } from './copy-batch.ts';
import type { ParsedBatch } from './parse-batch.ts';

/**
 * Commits what `parse` makes as if all its events were new, which they nearly always are. Where some are not, the
 * keys of bronze say so before anything large is sent: then it is parsed without those and committed.
 */
export async function commitOnce<Result>(
  connection: Connection,
  parse: (repeated: ReadonlySet<string>) => ParsedBatch,
  commit: (batch: ParsedBatch) => Promise<Result>,
): Promise<Result> {
  const batch = parse(new Set());
  return commit(batch).catch(async (error: unknown) => {
    if (!(error instanceof RepeatedEventsError)) throw error;
    return commit(parse(await findRepeated(connection, batch.events.eventIds)));
  });
}
