import { advisoryLocks } from '#db/advisory-locks.ts';
import type { Connection, Database } from '#db/client.ts';
import { failpoint } from '#lib/failpoint.ts';
import { passageTables } from '../tables/flow.ts';
import { defaultLease, keepLease, type LeaseSettings, takeLease } from './lease.ts';
import { endSession, FrozenWriterWatch, readSession, type Session } from './replace-writer.ts';

const POLL_MS = 500;

/**
 * A batch drives every join and meets history through an index only, so that it costs the same however long
 * history is; the planner, which trusts statistics of a while ago, would now and then scan all of it.
 */
const settings = `
set timezone = 'UTC';
set jit = off;
set enable_seqscan = off;
set enable_hashjoin = off;
set enable_mergejoin = off;
set enable_material = off;
set statement_timeout = '10min'`;

export type SessionOptions = {
  db: Database;
  signal: AbortSignal;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  say(message: string): void;
  lease?: LeaseSettings;
  /** The session in which this process was the writer before, if it was. */
  former?: Session | undefined;
};

/**
 * Runs `work` as the one writer, on one connection that holds the lock: a lock and a batch that share a connection die
 * together, so whoever gets the lock next never meets a batch of its predecessor. Waits while another pipeline holds
 * it, and replaces one that is frozen. @returns undefined where `signal` ended the wait.
 */
export async function asOnlyWriter<Result>(
  options: SessionOptions,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result | undefined> {
  const { db, lease = defaultLease } = options;
  const connection = await db.pool.connect();
  // A connection that breaks between two queries says so at the next one; unheard, the event would end the process.
  connection.on('error', () => undefined);
  let stop: (() => void) | undefined;
  const release = once(() => connection.release(true));
  try {
    failpoint('after-connect');
    if (!(await lock(connection, options, lease))) return undefined;
    const epoch = await takeLease(connection);
    options.former = await readSession(connection);
    // What is underway on the connection fails, and is tried again on a new one.
    stop = keepLease({ connection, pool: db.pool }, epoch, lease, release);
    failpoint('after-lock');
    await connection.query(settings);
    for (const table of passageTables) await connection.query(table);
    failpoint('after-passage-tables');
    const result = await work(connection);
    // Whoever comes next need not wait for the server to see that this session has ended; a lost one has no lock.
    await connection
      .query('select pg_advisory_unlock($1)', [advisoryLocks.pipelineWriter])
      .catch(() => undefined);
    return result;
  } finally {
    stop?.();
    release();
  }
}

async function lock(connection: Connection, options: SessionOptions, lease: LeaseSettings): Promise<boolean> {
  const { signal, sleep, say } = options;
  const watch = new FrozenWriterWatch(advisoryLocks.pipelineWriter, lease);
  if (await tryLock(connection)) return true;
  if (options.former) await endSession(connection, options.former);
  for (let told = false; !signal.aborted; ) {
    if (await tryLock(connection)) return true;
    // The end of a session takes a moment to let go of its lock.
    if (!told && !options.former) say('Another pipeline is at work on this database; waiting until it ends.');
    told = !options.former;
    options.former = undefined;
    if (await watch.look(connection)) say('The other pipeline gives no sign of life; taking its place.');
    else await sleep(POLL_MS, signal);
  }
  return false;
}

async function tryLock(connection: Connection): Promise<boolean> {
  const { rows } = await connection.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
    advisoryLocks.pipelineWriter,
  ]);
  return rows[0]?.locked === true;
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}
