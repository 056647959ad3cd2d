import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewAccount } from '#lib/auth/people/index.ts';
import { createDatabase } from './databases.ts';
import { openConsole, type ScriptEnvironment } from './run-script.ts';
import { readTemplates } from './templates.ts';

/** What the specs need of a running system. */
export type System = { url: string; databaseUrl: string; accounts: NewAccount[] };

/** `env` is the environment of its processes; `said` grows with the log of the console. */
export type OpenSystem = System & { env: ScriptEnvironment; said: string[]; close(): Promise<void> };

/** Opens a system that shares nothing with others: a database with accounts and, where `filled`, orders; the served build. */
export async function openSystem(options: { filled: boolean; env?: ScriptEnvironment }): Promise<OpenSystem> {
  const templates = readTemplates();
  const directory = mkdtempSync(join(tmpdir(), 'caspers-e2e-'));
  const database = await createDatabase(templates, options.filled ? templates.filled : templates.empty);
  const env = {
    DATABASE_URL: database.url,
    DATA_DIR: directory,
    VOLUME_ROOT: options.filled ? templates.volume : join(directory, 'volume'),
    AUTH_SECRET: randomBytes(32).toString('hex'),
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    LOG_LEVEL: 'error',
    PORT: '',
    PUBLIC_URL: '',
    ...options.env,
  };
  const { url, child, said } = await openConsole(env);
  return {
    env,
    said,
    url,
    databaseUrl: database.url,
    accounts: templates.accounts,
    close: async () => {
      await child.stop(5_000);
      await database.close();
      rmSync(directory, { recursive: true });
    },
  };
}
