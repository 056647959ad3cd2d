import { sql } from 'drizzle-orm/sql';
import { advisoryLocks } from '#db/advisory-locks.ts';
import type { Connection, Database } from '#db/client.ts';
import { boolean, integer } from '#db/columns.ts';
import { describeError } from '#db/connection-error.ts';
import { statement } from '#db/statement.ts';
import { messageOf, OperatorError } from '#lib/errors.ts';

/** The database that recommendations come from, and the one that the console reads. They may be the same. */
export type Databases = { source: Database; target: Database };

/** One connection to each of them. */
export type Connections = { source: Connection; target: Connection };

/** Opens a connection that reports at its next query that it broke, instead of ending the process. */
export async function openConnection(database: Database): Promise<Connection> {
  const connection = await database.pool.connect();
  connection.on('error', () => undefined);
  return connection;
}

/** As `openConnection`, for the source. @throws OperatorError that names it where it is not the console's database. */
export async function openSource(databases: Databases): Promise<Connection> {
  try {
    return await openConnection(databases.source);
  } catch (error) {
    throw isSeparate(databases) ? new OperatorError(describeUnreadable(error), { cause: error }) : error;
  }
}

/**
 * What a failure means for people. Where the source is a separate database, an error of connecting is the source's: an
 * error of the target could not be stored anyway.
 */
export function describeFailure(databases: Databases, error: unknown): string {
  const known = describeError(error)?.message;
  if (known?.includes('DATABASE_URL') && isSeparate(databases) && !(error instanceof OperatorError))
    return describeUnreadable(error);
  return known ?? messageOf(error);
}

function isSeparate({ source, target }: Databases): boolean {
  return source !== target;
}

function describeUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
  return `The recommendations cannot be read from the database that LAKEHOUSE_DATABASE_URL names${code}.`;
}

const POLL_MS = 500;

const tryLock = statement({
  params: { lock: integer },
  returns: { locked: boolean },
  sql: ({ lock }) => sql`select pg_try_advisory_lock(${lock}) as locked`,
});

export type LockOptions = {
  signal: AbortSignal;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  say(message: string): void;
};

/**
 * Waits until this connection holds the lock of the one writer of pg_recommendations, which it keeps until it closes.
 * The connection that holds the lock must also be the one that writes, so that both end together.
 * @returns false where `signal` ended the wait.
 */
export async function acquireSyncLock(connection: Connection, options: LockOptions): Promise<boolean> {
  for (let announced = false; !options.signal.aborted; announced = true) {
    const [row] = await tryLock(connection, { lock: advisoryLocks.sync });
    if (row?.locked) return true;
    if (!announced) options.say('Another sync is running on this database; waiting until it ends.');
    await options.sleep(POLL_MS, options.signal);
  }
  return false;
}
