import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '#db/client.ts';
import { migrateDatabase } from '#db/migrate/migrate.ts';
import type { NewAccount } from '#lib/auth/people/index.ts';
import { createAccount, ensureAccounts, generatePassword } from '#lib/auth/people/index.ts';
import { loadDimensions } from '#lib/simulator/index.ts';
import { closeTemplate, createDatabase, type DatabaseServer, openServer } from './databases.ts';
import { runScript } from './run-script.ts';

/**
 * What a run prepares once, and every system of its specs starts from: two databases to copy, `empty` without orders and
 * `filled` with those of `volume`, both with `accounts`.
 */
export type Templates = DatabaseServer & {
  empty: string;
  filled: string;
  volume: string;
  accounts: NewAccount[];
};

const dimensions = fileURLToPath(new URL('../../data/dimensional', import.meta.url));

/** The commands that fill the queue: two days of orders of every location up to now; the specs decide about a hundred. */
const flow: [script: string, ...args: string[]][] = [
  ['simulate.ts', '--days', '2', '--location', 'all', '--seed', '7'],
  ['pipeline.ts', '--once'],
  ['recommend.ts', '--once'],
  ['sync.ts', '--once'],
];

/** Prepares the templates of a run; `close` drops them and every copy. */
export async function openTemplates(): Promise<{ templates: Templates; close(): Promise<void> }> {
  const server = await openServer();
  const directory = mkdtempSync(join(tmpdir(), 'caspers-e2e-templates-'));
  const close = async () => {
    await server.close();
    rmSync(directory, { recursive: true });
  };
  try {
    const { url, prefix } = server;
    const volume = join(directory, 'volume');
    const empty = await createDatabase(server);
    await migrateDatabase(empty.url);
    const accounts = await addAccounts(empty.url);
    await closeTemplate(server, empty.name);
    const filled = await createDatabase(server, empty.name);
    const env = { DATABASE_URL: filled.url, DATA_DIR: directory, VOLUME_ROOT: volume, LOG_LEVEL: 'error' };
    for (const [script, ...args] of flow) await runScript(script, args, env);
    await closeTemplate(server, filled.name);
    return { templates: { url, prefix, empty: empty.name, filled: filled.name, volume, accounts }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Adds the dimension tables, the accounts of a first start, and a viewer. */
async function addAccounts(url: string): Promise<NewAccount[]> {
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

/** One file per run, so that concurrent runs do not mix: the workers are children of the process of the set-up. */
const pathOf = (runner: number) =>
  fileURLToPath(new URL(`../../.data/test/e2e-templates-${runner}.json`, import.meta.url));

/** Writes the templates to a file for the workers, which are other processes. @returns a function that removes it. */
export function writeTemplates(templates: Templates): () => void {
  const path = pathOf(process.pid);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(templates), { mode: 0o600 });
  return () => rmSync(path);
}

/** The templates of this run, in a worker. */
export function readTemplates(): Templates {
  return JSON.parse(readFileSync(pathOf(process.ppid), 'utf8')) as Templates;
}
