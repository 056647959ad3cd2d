import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Env } from '#lib/env.ts';
import { type Log, silentLog } from '#lib/log.ts';
import { advisoryLocks } from '../advisory-locks.ts';
import { isConnectionLost } from '../connection-error.ts';
import { withDatabase } from '../maintenance.ts';
import { type Embedded, type EmbeddedOptions, startEmbedded } from './start.ts';

/** `release` says that this command needs the server no longer; the last one out stops it. */
export type DatabaseServer = { url: string; release(): Promise<void> };

const PRESENCE_NAME = 'caspers presence';
const ATTEMPTS = 60;

/** The database to work on: that of DATABASE_URL, or of the embedded server, which is started or adopted. */
export async function openDatabaseServer(env: Env, log: Log): Promise<DatabaseServer> {
  if (env.DATABASE_URL) return { url: env.DATABASE_URL, release: () => Promise.resolve() };
  return openEmbedded({ directory: resolve(env.DATA_DIR, 'postgres'), durable: true, log });
}

/** The same for tests: an embedded server of their own, fast and not durable. */
export async function openTestServer(env: Env): Promise<DatabaseServer> {
  if (env.DATABASE_URL) return { url: env.DATABASE_URL, release: () => Promise.resolve() };
  return openEmbedded({ directory: resolve(env.DATA_DIR, 'test/postgres'), durable: false, log: silentLog });
}

/**
 * Starts or adopts the embedded server and signs in to it: as long as one command holds the shared presence lock,
 * no other stops the server. A server that is being stopped is waited for and started again.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<DatabaseServer> {
  for (let attempt = 1; ; attempt += 1) {
    const server = await startEmbedded(options);
    const presence = await signIn(server.url, attempt === ATTEMPTS);
    if (presence) return { url: server.url, release: () => signOut(presence, server, options.durable) };
    await pause(200);
  }
}

/** @returns undefined where the server is about to go down; with `insist` it throws then. */
async function signIn(url: string, insist: boolean): Promise<pg.Client | undefined> {
  const client = new pg.Client({
    connectionString: withDatabase(url, 'postgres'),
    application_name: PRESENCE_NAME,
    keepAlive: true,
  });
  // The server may die under a command that waits; what it does next with the database tells it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query('select pg_try_advisory_lock_shared($1) as open', [
      advisoryLocks.embeddedServer,
    ]);
    if (rows[0]?.open) return client;
  } catch (error) {
    if (insist || !isConnectionLost(error)) throw error;
  }
  await client.end();
  return undefined;
}

async function signOut(presence: pg.Client, server: Embedded, spareClients: boolean): Promise<void> {
  try {
    if (await isLastOne(presence, spareClients)) await server.stop();
  } catch (error) {
    // A server that is gone already needs no stopping.
    if (!isConnectionLost(error)) throw error;
  } finally {
    await presence.end();
  }
}

/** Backends of connections closed a moment ago linger, so an unclear answer is asked again for up to a second. */
async function isLastOne(presence: pg.Client, spareClients: boolean): Promise<boolean> {
  await presence.query('select pg_advisory_unlock_shared($1)', [advisoryLocks.embeddedServer]);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const { rows } = await presence.query<{ present: boolean; alone: boolean }>(whoIsThere, [
      advisoryLocks.embeddedServer,
      PRESENCE_NAME,
      spareClients,
    ]);
    if (rows[0]?.present) return false;
    if (rows[0]?.alone) return true;
    await pause(50);
  }
  return false;
}

const whoIsThere = `
  -- one row: does another command hold the presence lock, and if not, is there no client to spare either?
  with others as (
    select 1
    from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> $2 and $3::boolean
  ), commands as (
    select 1 from pg_locks where locktype = 'advisory' and objid::bigint = $1::bigint and mode = 'ShareLock' and granted
  )
  select
    exists (select from commands) as present,
    not exists (select from commands) and not exists (select from others) and pg_try_advisory_lock($1::bigint) as alone`;
