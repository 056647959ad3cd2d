import { sql } from 'drizzle-orm/sql';
import { advisoryLocks } from '#db/advisory-locks.ts';
import type { Connection, Database } from '#db/client.ts';
import { boolean } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { failpoint } from '#lib/failpoint.ts';
import { stagingTables } from '../tables/flow.ts';
import { defaultLease, keepLease, type LeaseSettings, takeLease } from './lease.ts';
import { endSession, FrozenWriterWatch, readSession, type Session } from './server-sessions.ts';

const LOCK = advisoryLocks.pipelineWriter;
const POLL_MS = 500;

/**
 * Every join of a batch starts from the batch and reads history through an index, so that it costs the same however
 * long history is. The planner, which relies on older statistics, would sometimes scan all of it.
 */
const settings = `
set timezone = 'UTC';
set jit = off;
set enable_seqscan = off;
set enable_hashjoin = off;
set enable_mergejoin = off;
set enable_material = off;
set statement_timeout = '10min'`;

export type WriterOptions = {
  db: Database;
  signal: AbortSignal;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  say(message: string): void;
  lease?: LeaseSettings;
  /** The session in which this process was the writer before, if it was. */
  formerSession?: Session | undefined;
};

/**
 * Runs `work` as the one writer, on one connection that also holds the lock: lock and batch end together, so the next
 * writer never meets a batch of its predecessor. Waits while another pipeline holds the lock, and replaces a frozen one.
 * @returns undefined if `signal` ended the wait.
 */
export async function asOnlyWriter<Result>(
  options: WriterOptions,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result | undefined> {
  const { db, lease = defaultLease } = options;
  const connection = await db.pool.connect();
  // A connection that breaks between two queries reports it at the next one; an unhandled event would end the process.
  connection.on('error', () => undefined);
  let stopLease: (() => void) | undefined;
  const release = once(() => connection.release(true));
  try {
    failpoint('after-connect');
    if (!(await waitForLock(connection, options, lease.expireMs))) return undefined;
    const epoch = await takeLease(connection);
    options.formerSession = await readSession(connection);
    // A query in progress on a lost connection fails, and is tried again on a new one.
    stopLease = keepLease({ connection, pool: db.pool }, epoch, lease, release);
    failpoint('after-lock');
    await setUpSession(connection);
    failpoint('after-staging-tables');
    const result = await work(connection);
    // The next writer then need not wait until the server notices the end of this session. A lost one has no lock.
    await connection.query('select pg_advisory_unlock($1)', [LOCK]).catch(() => undefined);
    return result;
  } finally {
    stopLease?.();
    release();
  }
}

/** Gives a connection the settings and the staging tables with which a batch is written. */
export async function setUpSession(connection: Connection): Promise<void> {
  await connection.query(settings);
  for (const table of stagingTables) await connection.query(table);
}

/** @returns whether the lock was taken; it was not if `signal` ended the wait. */
async function waitForLock(
  connection: Connection,
  options: WriterOptions,
  expireMs: number,
): Promise<boolean> {
  const { signal, sleep, say } = options;
  const watch = new FrozenWriterWatch(LOCK, expireMs);
  if (await tryLock(connection)) return true;
  if (options.formerSession) await endSession(connection, options.formerSession);
  for (let isReported = false; !signal.aborted; ) {
    if (await tryLock(connection)) return true;
    // An ended session takes a moment to release its lock, so the first attempt after that is not reported.
    if (!isReported && !options.formerSession)
      say('Another pipeline is at work on this database; waiting until it ends.');
    isReported = !options.formerSession;
    options.formerSession = undefined;
    if (await watch.check(connection)) say('The other pipeline does not respond; taking over.');
    else await sleep(POLL_MS, signal);
  }
  return false;
}

const takeLock = statement({
  returns: { isLocked: boolean },
  sql: () => sql`select pg_try_advisory_lock(${sql.raw(`${LOCK}`)}) as is_locked`,
});

async function tryLock(connection: Connection): Promise<boolean> {
  const [lock] = await takeLock(connection, {});
  return lock?.isLocked === true;
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}
