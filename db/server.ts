import { resolve } from 'node:path';
import type { Env } from '#lib/env.ts';
import { type Log, silentLog } from '#lib/log.ts';
import { type DatabaseServer, openEmbedded } from './embedded/open.ts';

/** The database to work on: that of DATABASE_URL, or of the embedded server, which is started or adopted. */
export async function openDatabaseServer(env: Env, log: Log): Promise<DatabaseServer> {
  if (env.DATABASE_URL) return { url: env.DATABASE_URL, release: () => Promise.resolve() };
  return openEmbedded({ directory: resolve(env.DATA_DIR, 'postgres'), durable: true, log });
}

/** The same for tests: an embedded server of their own, fast and without worth. */
export async function openTestServer(env: Env): Promise<DatabaseServer> {
  if (env.DATABASE_URL) return { url: env.DATABASE_URL, release: () => Promise.resolve() };
  return openEmbedded({ directory: resolve(env.DATA_DIR, 'test/postgres'), durable: false, log: silentLog });
}
