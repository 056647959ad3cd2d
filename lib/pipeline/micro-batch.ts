import type { Connection } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { failpoint } from '#lib/failpoint.ts';
import type { EventFile } from '#lib/volume/read-file.ts';
import { readPlaces } from './bronze/places.ts';
import type { Rejection } from './bronze/rules.ts';
import type { Position } from './checkpoint.ts';
import { type CommittedBatch, commitBatch, type LostBatch } from './commit-batch.ts';
import { commitOnce } from './commit-once.ts';
import type { BatchContext } from './dataset.ts';
import { isRefusal } from './is-transient.ts';
import { findKnownContents } from './ledger.ts';
import { type ParsedBatch, parseBatch } from './parse-batch.ts';

/** Where a batch is written: by the one writer, after `position`; `now` and `watermark` are what it is judged by. */
export type Target = {
  connection: Connection;
  volume: string;
  clock: Clock;
  position: Position;
  now: Date;
  watermark: boolean;
  actions?: BatchContext['actions'];
};

/**
 * Parses and commits files as one micro-batch. Where the database refuses the data itself, the files are
 * halved until the one at fault stands alone; it goes to quarantine, and the others are none the worse.
 * @returns every batch that came of it, the last of which may be lost to another writer.
 */
export async function runMicroBatch(
  target: Target,
  files: readonly EventFile[],
  refusal?: Rejection,
): Promise<(CommittedBatch | LostBatch)[]> {
  const { connection, volume, clock, position, now, watermark, actions } = target;
  const takenAt = clock.now();
  const known = await findKnownContents(
    connection,
    files.map(({ sha256 }) => sha256),
  );
  failpoint('after-known-contents');
  const context = { batchId: position.batchId + 1, takenAt, actions };
  const places = await readPlaces(connection);
  const { newestTs } = position;
  const options = { context, places, known, now, newestTs, watermark, refusal };
  const parse = (repeated: ReadonlySet<string>) => parseBatch(files, { ...options, repeated });
  try {
    const commit = (batch: ParsedBatch) => commitBatch(connection, context, volume, batch, clock);
    return [await commitOnce(connection, parse, commit)];
  } catch (error) {
    if (!isRefusal(error) || refusal) throw error;
    if (files.length === 1)
      return runMicroBatch(target, files, { rule: 'refused_by_database', reason: error.message });
    return runHalves(target, files);
  }
}

async function runHalves(
  target: Target,
  files: readonly EventFile[],
): Promise<(CommittedBatch | LostBatch)[]> {
  const half = Math.ceil(files.length / 2);
  const first = await runMicroBatch(target, files.slice(0, half));
  const last = first.at(-1);
  if (last?.outcome !== 'committed') return first;
  const rest = await runMicroBatch({ ...target, position: last }, files.slice(half));
  return [...first, ...rest];
}
