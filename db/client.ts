import type pg from 'pg';
import { passwordFor } from './open-client.ts';
import type { PasswordProvider } from './password.ts';
import { PasswordPool } from './password-pool.ts';
import { pooledClient } from './pooled-client.ts';
import type { DatabaseRole } from './roles/roles.ts';
import { prepareSession, type Settings, serverKeepAlive } from './session.ts';

export type Pool = pg.Pool;
export type Connection = pg.PoolClient;

export type Database = { pool: Pool; close(): Promise<void> };

export type ConnectOptions = {
  url: string;
  /** The address of the server itself, where `url` is that of a pooler; for what needs a session, such as LISTEN. */
  directUrl?: string | undefined;
  /** Names the connections in pg_stat_activity. */
  applicationName: string;
  /** The maximum number of connections, 10 by default. */
  max?: number;
  /** Milliseconds that a statement may take, 30,000 by default; 0 is no limit, for stages that move whole batches. */
  statementTimeoutMs?: number;
  /** The role that the connections work under; without it they have all rights of the URL's user. */
  role?: DatabaseRole;
  /** Asked for the password of each new connection; by default what the environment names, if the URL has none. */
  password?: PasswordProvider | undefined;
};

/** The client notices within 15 seconds that the server is unreachable. */
const keepAlive = { keepAlive: true, keepAliveInitialDelayMillis: 4_000 };

/** The pools of the server itself, by the pool that goes through a pooler. */
const sessionPools = new WeakMap<Pool, Pool>();

/** The pool for connections that keep a session, such as one that listens: of the server itself. */
export function sessionPool(pool: Pool): Pool {
  return sessionPools.get(pool) ?? pool;
}

/**
 * Opens a pool on a Postgres ≥ 15. Times are UTC; every wait has a limit. With `directUrl`, `url` may lead to a pooler in
 * transaction mode: then each transaction gets the settings and the role, and no session keeps any.
 * @throws OperatorError at the first connection, where `url` leads to such a pooler and there is no `directUrl`.
 */
export function connect({ directUrl, ...options }: ConnectOptions): Database {
  if (!directUrl) return openPool(options, createSessions(options));
  const pooled = openPool(options, { Client: pooledClient(settingsOf(options), options.role) });
  const direct = { ...options, url: directUrl, max: 2 };
  const sessions = openPool(direct, createSessions(direct));
  sessionPools.set(pooled.pool, sessions.pool);
  return {
    pool: pooled.pool,
    close: async () => void (await Promise.all([pooled.close(), sessions.close()])),
  };
}

type PoolOptions = Omit<ConnectOptions, 'directUrl'>;

function openPool(
  options: PoolOptions,
  config: Pick<pg.PoolConfig, 'onConnect'> & { Client?: typeof pg.Client },
): Database {
  const pool = new PasswordPool(options.password ?? passwordFor(options.url), {
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.max ?? 10,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    // A connection keeps the plans of its prepared statements; those no longer used are freed when it is replaced.
    maxLifetimeSeconds: 1800,
    ...keepAlive,
    ...config,
  });
  // A lost connection is replaced at its next use; without a listener its error event would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return { pool, close: () => pool.end() };
}

/** Every new connection gets the settings and the role before its first use. */
function createSessions(options: PoolOptions): Pick<pg.PoolConfig, 'onConnect'> {
  const { url, role } = options;
  const settings = { ...settingsOf(options), ...serverKeepAlive };
  return { onConnect: (client: pg.ClientBase) => prepareSession(client, { url, settings, role }) };
}

function settingsOf({ statementTimeoutMs = 30_000 }: PoolOptions): Settings {
  return {
    timezone: 'UTC',
    lock_timeout: '10s',
    idle_in_transaction_session_timeout: '60s',
    statement_timeout: `${statementTimeoutMs}`,
  };
}

/** Runs `work` in one transaction on one connection: committed when it returns, rolled back when it throws. */
export async function inTransaction<Result>(
  pool: Pool,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = await pool.connect();
  let broken: Error | undefined;
  try {
    await connection.query('begin');
    const result = await work(connection);
    await connection.query('commit');
    return result;
  } catch (error) {
    await connection.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    connection.release(broken);
  }
}
