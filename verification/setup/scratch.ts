import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Database } from '#db/client.ts';
import { openDatabaseServer } from '#db/embedded/open.ts';
import { onServer, withDatabase } from '#db/maintenance.ts';
import { migrateDatabase } from '#db/migrate/migrate.ts';
import type { Env } from '#lib/env.ts';
import type { Log } from '#lib/log.ts';

/** The key of the hashes of addresses in lakehouses that are thrown away. */
export const ADDRESS_KEY = 'the-key-of-scratch-lakehouses-0123456789';

/** An empty, migrated database and an empty directory. */
export type Scratch = { db: Database; url: string; directory: string };

/** Runs `work` with a scratch database on the configured or embedded server, and removes everything afterwards. */
export async function withScratch(
  env: Env,
  log: Log,
  work: (scratch: Scratch) => Promise<void>,
): Promise<void> {
  const server = await openDatabaseServer(env, log);
  const name = `caspers_bench_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const directory = await mkdtemp(join(tmpdir(), 'caspers-bench-'));
  try {
    await onServer(server.url, (client) => client.query(`create database ${name}`));
    const url = withDatabase(server.url, name);
    await migrateDatabase(url);
    const db = connect({ url, applicationName: 'caspers bench', statementTimeoutMs: 0 });
    await work({ db, url, directory }).finally(() => db.close());
  } finally {
    await onServer(server.url, (client) => client.query(`drop database if exists ${name} with (force)`));
    await rm(directory, { recursive: true, force: true });
    await server.release();
  }
}
