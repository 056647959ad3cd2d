import type pg from 'pg';
import { passwordFor } from './open-client.ts';
import type { PasswordProvider } from './password.ts';
import { PasswordPool } from './password-pool.ts';
import { assumeRole } from './roles/assume-role.ts';
import type { DatabaseRole } from './roles/roles.ts';

export type Pool = pg.Pool;
export type Connection = pg.PoolClient;

export type Database = { pool: Pool; close(): Promise<void> };

export type ConnectOptions = {
  url: string;
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

/** Client and server each notice within 15 seconds that the other is unreachable. */
const keepAlive = { keepAlive: true, keepAliveInitialDelayMillis: 4_000 };
const serverKeepAlive =
  '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=4 -c tcp_user_timeout=14s';

/** Opens a pool on a Postgres ≥ 15. Times are UTC; every wait has a limit. */
export function connect(options: ConnectOptions): Database {
  const { role } = options;
  const pool = new PasswordPool(options.password ?? passwordFor(options.url), {
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.max ?? 10,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    // A connection keeps the plans of its prepared statements; those no longer used are freed when it is replaced.
    maxLifetimeSeconds: 1800,
    ...keepAlive,
    options: `-c timezone=UTC -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s ${serverKeepAlive}`,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    ...(role && { onConnect: (client: pg.ClientBase) => assumeRole(client, role) }),
  });
  // A lost connection is replaced at its next use; without a listener its error event would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return { pool, close: () => pool.end() };
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
