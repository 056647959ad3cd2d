import type { Connection } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { failpoint } from '#lib/failpoint.ts';
import type { EventFile } from '#lib/volume/read-file.ts';
import type { Rejection } from './bronze/rules.ts';
import type { Position } from './checkpoint.ts';
import { type CommittedBatch, commitBatch, type LostBatch } from './commit-batch.ts';
import type { BatchContext } from './dataset.ts';
import { isRefusal } from './is-transient.ts';
import { findKnownContents } from './ledger.ts';
import { parseBatch } from './parse-batch.ts';

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
  const { newestTs } = position;
  const batch = parseBatch(files, { known, now, newestTs, watermark, refusal });
  failpoint('after-parse');
  try {
    return [
      await commitBatch(
        connection,
        { batchId: position.batchId + 1, takenAt, actions },
        volume,
        batch,
        clock,
      ),
    ];
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
