import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '#db/client.ts';
import { startEmbedded } from '#db/embedded/start.ts';
import { migrateDatabase } from '#db/migrate/migrate.ts';
import { ensureAccounts } from '#lib/auth/people/index.ts';
import { silentLog } from '#lib/log.ts';
import { createDatabase } from './databases.ts';
import type { System } from './open-system.ts';
import { openConsole, runScript } from './run-script.ts';
import { readTemplates } from './templates.ts';

/** A console whose lakehouse is a database on another server; `dropLakehouse` takes it away. */
export type TwoDatabases = System & { dropLakehouse(): Promise<void>; close(): Promise<void> };

/** Opens a filled lakehouse on the server of the tests, and the served build on a Postgres server of its own. */
export async function openTwoDatabases(): Promise<TwoDatabases> {
  const templates = readTemplates();
  const directory = mkdtempSync(join(tmpdir(), 'caspers-e2e-two-'));
  const lakehouse = await createDatabase(templates, templates.filled);
  const server = await startEmbedded({
    directory: join(directory, 'postgres'),
    durable: false,
    log: silentLog,
  });
  await migrateDatabase(server.url);
  const db = connect({ url: server.url, applicationName: 'caspers e2e', max: 1 });
  const accounts = await ensureAccounts(db, new Date());
  await db.close();
  const env = {
    DATABASE_URL: server.url,
    LAKEHOUSE_DATABASE_URL: lakehouse.url,
    DATA_DIR: directory,
    AUTH_SECRET: randomBytes(32).toString('hex'),
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    LOG_LEVEL: 'error',
    PORT: '',
    PUBLIC_URL: '',
  };
  await runScript('sync.ts', ['--once'], env);
  const { url, child } = await openConsole(env);
  return {
    url,
    databaseUrl: server.url,
    accounts,
    dropLakehouse: () => lakehouse.close(),
    close: async () => {
      await child.stop(5_000);
      await server.stop();
      rmSync(directory, { recursive: true });
    },
  };
}
