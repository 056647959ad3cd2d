import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm/sql';
import pg from 'pg';
import type { Env } from '#lib/env.ts';
import { type Log, silentLog } from '#lib/log.ts';
import { advisoryLocks } from '../advisory-locks.ts';
import { boolean, integer, text } from '../columns.ts';
import { isConnectionLost } from '../connection-error.ts';
import { withDatabase } from '../maintenance.ts';
import { statement } from '../statement.ts';
import { type Embedded, type EmbeddedOptions, startEmbedded } from './start.ts';

/** `release` is called when a command no longer needs the server; the last command stops it. */
export type DatabaseServer = { url: string; release(): Promise<void> };

const PRESENCE_NAME = 'caspers presence';
const ATTEMPTS = 60;

/**
 * The database to work on: that of DATABASE_URL, or of the embedded server, which is started or adopted. Commands need
 * sessions, so where DATABASE_URL is a pooler, they use DIRECT_DATABASE_URL.
 */
export async function openDatabaseServer(env: Env, log: Log): Promise<DatabaseServer> {
  const url = env.DIRECT_DATABASE_URL ?? env.DATABASE_URL;
  if (url) return { url, release: () => Promise.resolve() };
  return openEmbedded({ directory: resolve(env.DATA_DIR, 'postgres'), durable: true, log });
}

/** The same for tests: an embedded server of their own, fast and not durable. */
export async function openTestServer(env: Env): Promise<DatabaseServer> {
  if (env.DATABASE_URL) return { url: env.DATABASE_URL, release: () => Promise.resolve() };
  return openEmbedded({ directory: resolve(env.DATA_DIR, 'test/postgres'), durable: false, log: silentLog });
}

/**
 * Starts or adopts the embedded server and takes the shared presence lock: the server is not stopped while any command
 * holds it. A server that is shutting down is awaited and started again.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<DatabaseServer> {
  for (let attempt = 1; ; attempt += 1) {
    const server = await startEmbedded(options);
    const presence = await signIn(server.url, attempt === ATTEMPTS);
    if (presence) return { url: server.url, release: () => signOut(presence, server, options.durable) };
    await pause(200);
  }
}

/** @returns undefined while the server is shutting down; with `insist` it throws instead. */
async function signIn(url: string, insist: boolean): Promise<pg.Client | undefined> {
  const client = new pg.Client({
    connectionString: withDatabase(url, 'postgres'),
    application_name: PRESENCE_NAME,
    keepAlive: true,
  });
  // If the server dies, the command's next statement fails; without a listener this event would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const [lock] = await tryPresence(client, { lock: advisoryLocks.embeddedServer });
    if (lock?.isHeld) return client;
  } catch (error) {
    if (insist || !isConnectionLost(error)) throw error;
  }
  await client.end();
  return undefined;
}

const tryPresence = statement({
  params: { lock: integer },
  returns: { isHeld: boolean },
  sql: ({ lock }) => sql`select pg_try_advisory_lock_shared(${lock}) as is_held`,
});

async function signOut(presence: pg.Client, server: Embedded, keepForClients: boolean): Promise<void> {
  try {
    if (await isLastOne(presence, keepForClients)) await server.stop();
  } catch (error) {
    // A server that has already stopped need not be stopped.
    if (!isConnectionLost(error)) throw error;
  } finally {
    await presence.end();
  }
}

/** Backends of connections that were just closed linger, so the question is repeated for up to a second. */
async function isLastOne(presence: pg.Client, keepForClients: boolean): Promise<boolean> {
  const lock = advisoryLocks.embeddedServer;
  await presence.query('select pg_advisory_unlock_shared($1)', [lock]);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const [use] = await getUse(presence, { lock, presenceName: PRESENCE_NAME, keepForClients });
    if (use?.isPresent) return false;
    if (use?.isAlone) return true;
    await pause(50);
  }
  return false;
}

/** One row: whether another command holds the presence lock; if not, whether the server has no clients to keep it for. */
const getUse = statement({
  params: { lock: integer, presenceName: text, keepForClients: boolean },
  returns: { isPresent: boolean, isAlone: boolean },
  sql: ({ lock, presenceName, keepForClients }) => sql`
    with clients as (
      select 1
      from pg_stat_activity
      where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> ${presenceName}
        and ${keepForClients}::boolean
    ), commands as (
      select 1 from pg_locks
      where locktype = 'advisory' and objid::bigint = ${lock}::bigint and mode = 'ShareLock' and granted
    )
    select
      exists (select from commands) as is_present,
      not exists (select from commands) and not exists (select from clients)
        and pg_try_advisory_lock(${lock}::bigint) as is_alone`,
});
