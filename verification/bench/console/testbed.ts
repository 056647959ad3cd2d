import { readdir, readFile } from 'node:fs/promises';
import { sql } from 'drizzle-orm/sql';
import type { Database, Pool } from '#db/client.ts';
import { integer, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { createApiToken } from '#lib/auth/people/index.ts';
import type { Env } from '#lib/env.ts';
import type { Log } from '#lib/log.ts';
import { type Scratch, withScratch } from '../../setup/scratch.ts';
import { seedQueue } from '../../setup/seed-queue.ts';
import { startServer } from '../../setup/start-process.ts';
import { type RequestKind, requestKinds, type ServerName } from './requests.ts';
import { seedEvents } from './seed-events.ts';

/** A server that is measured. `cpuSeconds` is the processor time of it and its database connections so far. */
export type MeasuredServer = {
  url: string;
  cpuSeconds(): Promise<number | undefined>;
  stop(): Promise<void>;
};

/** A queue of `size` orders, with the console and the baseline on it. */
export type Testbed = {
  size: number;
  scratch: Scratch;
  requests: RequestKind[];
  servers: Record<ServerName, MeasuredServer>;
  /** The headers of several API clients, each of which may write 600 times a minute. */
  credentials: Record<string, string>[];
};

const API_CLIENTS = 40;

/** Opens a testbed of each size, all at once so that they can be measured in turns, and closes them after `work`. */
export async function withTestbeds(
  { env, log, sizes }: { env: Env; log: Log; sizes: number[] },
  work: (testbeds: Testbed[]) => Promise<void>,
  open: Testbed[] = [],
): Promise<void> {
  const [size, ...others] = sizes;
  if (size === undefined) return work(open);
  await withScratch(env, log, async (scratch) => {
    const testbed = await openTestbed(scratch, size);
    await withTestbeds({ env, log, sizes: others }, work, [...open, testbed]).finally(() =>
      Promise.all([testbed.servers.console.stop(), testbed.servers.baseline.stop()]),
    );
  });
}

async function openTestbed(scratch: Scratch, size: number): Promise<Testbed> {
  await seedQueue(scratch.db, size);
  await seedEvents(scratch.db, size);
  await scratch.db.pool.query('vacuum analyze');
  const credentials: Testbed['credentials'] = [];
  for (let n = 0; n < API_CLIENTS; n++) credentials.push(await createCredentials(scratch.db, `bench-${n}`));
  const console = await openServer('scripts/console.ts', scratch, 'caspers console');
  const baselineScript = 'verification/bench/console/baseline-server.ts';
  const baseline = await openServer(baselineScript, scratch, 'bench baseline');
  return { size, scratch, requests: requestKinds(size), servers: { console, baseline }, credentials };
}

async function createCredentials(db: Database, name: string): Promise<Record<string, string>> {
  const admin = { email: 'bench', role: 'admin' } as const;
  return { authorization: `Bearer ${await createApiToken(db, admin, { name, role: 'reviewer', days: 1 })}` };
}

async function openServer(
  script: string,
  { db, url: databaseUrl, directory }: Scratch,
  application: string,
): Promise<MeasuredServer> {
  const env = { DATABASE_URL: databaseUrl, DATA_DIR: directory, PORT: '' };
  const { url, child, stop } = await startServer(script, env);
  return { url, cpuSeconds: () => readCpuSeconds(db.pool, child.pid ?? 0, application), stop };
}

const listConnections = statement({
  params: { application: text },
  returns: { pid: integer },
  sql: ({ application }) => sql`
    select pid from pg_stat_activity
    where application_name = ${application} and datname = current_database()
      and inet_server_addr() <<= '127.0.0.0/8'`,
});

/**
 * The processor seconds of a server and its database connections: steadier than requests a second on a machine that
 * does other work too. Undefined where the system does not tell.
 */
async function readCpuSeconds(pool: Pool, pid: number, application: string): Promise<number | undefined> {
  const connections = await listConnections(pool, { application });
  if (connections.length === 0) return undefined;
  const pids = [pid, ...connections.map((connection) => connection.pid)];
  const seconds = await Promise.all(pids.map(secondsOf));
  return seconds.some(Number.isNaN) ? undefined : seconds.reduce((sum, each) => sum + each, 0);
}

/** The processor seconds of all threads of a process, as Linux counts them; NaN on other systems. */
async function secondsOf(pid: number): Promise<number> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const texts = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/schedstat`, 'utf8').catch(() => 'gone')),
  );
  return texts.reduce((sum, line) => sum + Number(line.split(' ')[0]) / 1e9, tasks.length ? 0 : Number.NaN);
}
