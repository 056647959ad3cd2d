import type { Connection } from '#db/client.ts';
import { runContinuously } from '#db/run-continuously.ts';
import { messageOf } from '#lib/errors.ts';
import type { Log } from '#lib/log.ts';
import {
  acquireSyncLock,
  type Connections,
  type Databases,
  describeFailure,
  type LockOptions,
  openConnection,
  openSource,
} from './connections.ts';
import { type DrainOptions, drain, type SyncCounts } from './drain.ts';
import { type SyncMode, writeFailure } from './status.ts';
import { type SnapshotCounts, takeSnapshot } from './take-snapshot.ts';

const CHANNEL = 'refund_recommendations';
const POLL_MS = 2_000;

export type SyncOptions = LockOptions & Omit<DrainOptions, 'mode'> & { log: Log };

/** Copies every recommendation that is not copied yet, and returns. A second run has nothing to do. */
export async function syncOnce(databases: Databases, options: SyncOptions): Promise<SyncCounts> {
  const nothing = { read: 0, written: 0, quarantined: 0, refreshed: 0 };
  return withSyncLock(databases, 'triggered', options, nothing, (connections) =>
    drain(connections, { ...options, mode: 'triggered' }),
  );
}

/** Makes the synced table equal to the source, and returns. A second run changes nothing. */
export async function syncSnapshot(databases: Databases, options: SyncOptions): Promise<SnapshotCounts> {
  const nothing = { read: 0, written: 0, quarantined: 0, deleted: 0 };
  return withSyncLock(databases, 'snapshot', options, nothing, (connections) =>
    takeSnapshot(connections, options.clock),
  );
}

/** Copies recommendations as they are written, until `signal` aborts. */
export async function syncContinuously(databases: Databases, options: SyncOptions): Promise<void> {
  let target: Connection | undefined;
  const closeTarget = () => {
    target?.release(true);
    target = undefined;
  };
  await runContinuously({
    pool: databases.source.pool,
    channel: CHANNEL,
    pollMs: POLL_MS,
    signal: options.signal,
    log: options.log,
    prepare: async () => {
      closeTarget();
      target = await openConnection(databases.target);
      await acquireSyncLock(target, options);
    },
    onFailure: (error) => reportFailure(databases, 'continuous', options, error),
    work: async (source) => {
      if (!target) throw new Error('the connection that writes is opened before the work');
      const { read, written, quarantined, refreshed } = await drain(
        { source, target },
        { ...options, mode: 'continuous' },
      );
      if (refreshed > 0) options.say(`synced changed facts of ${refreshed} orders`);
      if (read === 0) return;
      const problems = quarantined > 0 ? `, ${quarantined} quarantined` : '';
      options.say(`synced ${read} recommendations, ${written} rows written${problems}`);
    },
  });
  closeTarget();
}

/** Works while it holds the lock of the one writer. @returns `nothing` where `signal` ended the wait for the lock. */
async function withSyncLock<Counts>(
  databases: Databases,
  mode: SyncMode,
  options: SyncOptions,
  nothing: Counts,
  work: (connections: Connections) => Promise<Counts>,
): Promise<Counts> {
  const target = await openConnection(databases.target);
  let source: Connection | undefined;
  try {
    if (!(await acquireSyncLock(target, options))) return nothing;
    source = await openSource(databases);
    return await work({ source, target });
  } catch (error) {
    await reportFailure(databases, mode, options, error);
    throw error;
  } finally {
    target.release(true);
    source?.release(true);
  }
}

/** Stores that the work fails, where the database still allows it. */
async function reportFailure(
  databases: Databases,
  mode: SyncMode,
  { clock, log }: SyncOptions,
  error: unknown,
): Promise<void> {
  const message = describeFailure(databases, error);
  await writeFailure(databases.target.pool, mode, message, clock.now()).catch((failure: unknown) =>
    log.warn(`the failure of the sync could not be stored: ${messageOf(failure)}`),
  );
}
