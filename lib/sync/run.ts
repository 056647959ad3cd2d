import type { Connection, Database } from '#db/client.ts';
import { runContinuously } from '#db/run-continuously.ts';
import type { Clock } from '#lib/clock.ts';
import type { Log } from '#lib/log.ts';
import { becomeOnlySyncer, type LockOptions } from './only-syncer.ts';
import { syncBatch } from './sync-batch.ts';

/** Recommendations per transaction. */
const BATCH = 5_000;
const CHANNEL = 'refund_recommendations';
const POLL_MS = 2_000;

export type SyncOptions = LockOptions & { clock: Clock; log: Log; batchSize?: number };

/** `read` recommendations were past the checkpoint; `written` rows are new or replaced an older one. */
export type SyncCounts = { read: number; written: number };

/** Brings every recommendation over that is not there yet, and returns; again, it finds nothing to do. */
export async function syncOnce(db: Database, options: SyncOptions): Promise<SyncCounts> {
  const connection = await db.pool.connect();
  // A connection that breaks between two queries says so at the next one; unheard, the event would end the process.
  connection.on('error', () => undefined);
  try {
    if (!(await becomeOnlySyncer(connection, options))) return { read: 0, written: 0 };
    return await drain(connection, options);
  } finally {
    connection.release(true);
  }
}

/** Brings recommendations over as they are written, until `signal` aborts. */
export async function syncContinuously(db: Database, options: SyncOptions): Promise<void> {
  await runContinuously({
    pool: db.pool,
    channel: CHANNEL,
    pollMs: POLL_MS,
    signal: options.signal,
    log: options.log,
    prepare: async (connection) => void (await becomeOnlySyncer(connection, options)),
    work: async (connection) => {
      const { read, written } = await drain(connection, options);
      if (read > 0) options.say(`synced ${read} recommendations, ${written} rows written`);
    },
  });
}

async function drain(connection: Connection, options: SyncOptions): Promise<SyncCounts> {
  const counts: SyncCounts = { read: 0, written: 0 };
  while (!options.signal.aborted) {
    const batch = await syncBatch(connection, options.clock, options.batchSize ?? BATCH);
    if (batch.outcome === 'caught_up') break;
    counts.read += batch.read;
    counts.written += batch.written;
  }
  return counts;
}
