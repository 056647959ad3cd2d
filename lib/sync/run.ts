import type { Connection } from '#db/client.ts';
import { runContinuously } from '#db/run-continuously.ts';
import { messageOf } from '#lib/errors.ts';
import type { Log } from '#lib/log.ts';
import { type Databases, describeFailure, openConnection, openSource } from './databases.ts';
import { type DrainOptions, drain, type SyncCounts } from './drain.ts';
import { becomeOnlySyncer, type LockOptions } from './only-syncer.ts';
import { type SnapshotCounts, takeSnapshot } from './take-snapshot.ts';
import { type SyncMode, writeFailure } from './write-status.ts';

const CHANNEL = 'refund_recommendations';
const POLL_MS = 2_000;

export type SyncOptions = LockOptions & Omit<DrainOptions, 'mode'> & { log: Log };

/** Brings over every recommendation that is not there yet, and returns; again, it finds nothing to do. */
export async function syncOnce(databases: Databases, options: SyncOptions): Promise<SyncCounts> {
  const nothing = { read: 0, written: 0, quarantined: 0 };
  return alone(databases, 'triggered', options, nothing, (ends) =>
    drain(ends, { ...options, mode: 'triggered' }),
  );
}

/** Makes the synced table what the source is, and returns; again, nothing differs. */
export async function syncSnapshot(databases: Databases, options: SyncOptions): Promise<SnapshotCounts> {
  const nothing = { read: 0, written: 0, quarantined: 0, deleted: 0 };
  return alone(databases, 'snapshot', options, nothing, (ends) => takeSnapshot(ends, options.clock));
}

/** Brings recommendations over as they are written, until `signal` aborts. */
export async function syncContinuously(databases: Databases, options: SyncOptions): Promise<void> {
  let target: Connection | undefined;
  const letGo = () => {
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
      letGo();
      target = await openConnection(databases.target);
      await becomeOnlySyncer(target, options);
    },
    onFailure: (error) => noteFailure(databases, 'continuous', options, error),
    work: async (source) => {
      if (!target) throw new Error('the connection that writes is opened before the work');
      const ends = { source, target };
      const { read, written, quarantined } = await drain(ends, { ...options, mode: 'continuous' });
      if (read === 0) return;
      const aside = quarantined > 0 ? `, ${quarantined} set aside` : '';
      options.say(`synced ${read} recommendations, ${written} rows written${aside}`);
    },
  });
  letGo();
}

type Work<Counts> = (ends: { source: Connection; target: Connection }) => Promise<Counts>;

/** Works as the only one that writes the synced table. @returns `nothing` where `signal` ended the wait for that. */
async function alone<Counts>(
  databases: Databases,
  mode: SyncMode,
  options: SyncOptions,
  nothing: Counts,
  work: Work<Counts>,
): Promise<Counts> {
  const target = await openConnection(databases.target);
  let source: Connection | undefined;
  try {
    if (!(await becomeOnlySyncer(target, options))) return nothing;
    source = await openSource(databases);
    return await work({ source, target });
  } catch (error) {
    await noteFailure(databases, mode, options, error);
    throw error;
  } finally {
    target.release(true);
    source?.release(true);
  }
}

/** Writes down that the work fails, where that can still be written. */
async function noteFailure(
  databases: Databases,
  mode: SyncMode,
  { clock, log }: SyncOptions,
  error: unknown,
): Promise<void> {
  const said = describeFailure(databases, error);
  await writeFailure(databases.target.pool, mode, said, clock.now()).catch((failure: unknown) =>
    log.warn(`that the sync fails could not be written down: ${messageOf(failure)}`),
  );
}
