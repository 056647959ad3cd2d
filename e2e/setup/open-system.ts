import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '#db/client.ts';
import type { NewAccount } from '#lib/auth/people/index.ts';
import { createAccount, ensureAccounts, generatePassword } from '#lib/auth/people/index.ts';
import { loadDimensions } from '#lib/simulator/index.ts';
import { openDatabase } from './open-database.ts';
import { openConsole, runScript, type ScriptEnvironment } from './run-script.ts';
import type { System } from './system-file.ts';

const dimensions = fileURLToPath(new URL('../../data/dimensional', import.meta.url));

/** The commands that fill the queue: two days of orders of every location up to now; the specs decide about a hundred. */
const flow: [script: string, ...args: string[]][] = [
  ['simulate.ts', '--days', '2', '--location', 'all', '--seed', '7'],
  ['pipeline.ts', '--once'],
  ['recommend.ts', '--once'],
  ['sync.ts', '--once'],
];

/** `env` is the environment of its processes; `said` grows with the log of the console. */
export type OpenSystem = System & { env: ScriptEnvironment; said: string[]; close(): Promise<void> };

/** Opens a separate system: database, accounts, the served build and, where `filled`, orders in the queue. */
export async function openSystem(options: { filled: boolean; env?: ScriptEnvironment }): Promise<OpenSystem> {
  const directory = mkdtempSync(join(tmpdir(), 'caspers-e2e-'));
  const database = await openDatabase();
  const env = {
    DATABASE_URL: database.url,
    DATA_DIR: directory,
    VOLUME_ROOT: join(directory, 'volume'),
    AUTH_SECRET: randomBytes(32).toString('hex'),
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    LOG_LEVEL: 'error',
    PORT: '',
    PUBLIC_URL: '',
    ...options.env,
  };
  const accounts = await prepare(database.url);
  if (options.filled) for (const [script, ...args] of flow) await runScript(script, args, env);
  const { url, child, said } = await openConsole(env);
  return {
    env,
    said,
    url,
    databaseUrl: database.url,
    accounts,
    close: async () => {
      await child.stop(5_000);
      await database.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** Adds the dimension tables, the accounts of a first start, and a viewer. */
async function prepare(url: string): Promise<NewAccount[]> {
  const db = connect({ url, applicationName: 'caspers e2e', max: 1 });
  const viewer = {
    email: 'viewer@caspers.local',
    name: 'The viewer',
    role: 'viewer' as const,
    password: generatePassword(),
  };
  try {
    await loadDimensions(db, dimensions);
    const accounts = await ensureAccounts(db, new Date());
    await createAccount(db.pool, viewer, new Date());
    await db.pool.query(
      `insert into refunds.settings (approval_limit_usd, changed_by, reason) values (1000, 'e2e', 'One person is enough')`,
    );
    return [...accounts, viewer];
  } finally {
    await db.close();
  }
}
