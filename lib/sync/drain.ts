import type { Connection } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { countWaiting, readSource } from './read-source.ts';
import { readPosition, type WriteCounts, writeBatch } from './write-batch.ts';
import { type SyncMode, writeStatus } from './write-status.ts';

/** Recommendations per transaction. */
const BATCH = 5_000;

/** Where recommendations come from and go to: two connections, of one database or of two. */
export type Ends = { source: Pick<Connection, 'query'>; target: Pick<Connection, 'query'> };

export type DrainOptions = { clock: Clock; signal: AbortSignal; mode: SyncMode; batchSize?: number };

/** `read` recommendations were past the checkpoint; of their orders, `written` rows are new or replaced an older one. */
export type SyncCounts = WriteCounts & { read: number };

/** Brings over all that is past the checkpoint, batch by batch, and says how the sync stands. */
export async function drain({ source, target }: Ends, options: DrainOptions): Promise<SyncCounts> {
  const { clock, signal, mode, batchSize = BATCH } = options;
  const counts: SyncCounts = { read: 0, written: 0, quarantined: 0 };
  let position = await readPosition(target);
  const waiting = await countWaiting(source, position);
  await writeStatus(target, { mode, position, ...waiting }, clock.now());
  while (!signal.aborted) {
    const batch = await readSource(source, position, batchSize);
    if (!batch) break;
    const { written, quarantined, moved } = await writeBatch(target, batch, {
      from: position,
      at: clock.now(),
    });
    counts.read += batch.count;
    counts.written += written;
    counts.quarantined += quarantined;
    position = moved ? batch.last : await readPosition(target);
  }
  if (counts.read > 0)
    await writeStatus(target, { mode, position, ...(await countWaiting(source, position)) }, clock.now());
  return counts;
}
