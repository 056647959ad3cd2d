import pg from 'pg';
import { openClient } from './open-client.ts';
import { assertKeepsSession, toldPid } from './pooling.ts';
import type { DatabaseRole } from './roles/roles.ts';

/** Settings by their names, for one session or one transaction. */
export type Settings = Record<string, string>;

/** The server notices within 15 seconds that a client is unreachable. */
export const serverKeepAlive: Settings = {
  tcp_keepalives_idle: '5',
  tcp_keepalives_interval: '2',
  tcp_keepalives_count: '4',
  tcp_user_timeout: '14s',
};

/**
 * Sets the session only where this is the server's own connection, or one that was found to keep its session: behind a
 * pooler in transaction mode, the settings and the role would be those of the next client.
 */
const SET_SESSION = `
  select pg_backend_pid() as pid, count(set_config(name, value, false)) as settings
  from (
    select name, value from unnest($1::text[], $2::text[]) as setting (name, value)
    union all
    select 'role', rolname from pg_roles where rolname = $3 and pg_has_role(oid, 'member')
  ) as setting
  where pg_backend_pid() = $4 or $5`;

/**
 * Gives a new connection its settings and, if it exists and the user may assume it, its role. They are set by SQL,
 * because poolers refuse start-up parameters.
 * @throws OperatorError where the address leads to a pooler in transaction mode; nothing was set then.
 */
export async function prepareSession(
  client: pg.ClientBase,
  { url, settings, role }: { url: string; settings: Settings; role?: DatabaseRole | undefined },
): Promise<void> {
  const values = [Object.keys(settings), Object.values(settings), role ?? null, toldPid(client) ?? null];
  const { rows } = await client.query(SET_SESSION, [...values, false]);
  if (rows[0].pid === toldPid(client)) return;
  await assertKeepsSession(url);
  await client.query(SET_SESSION, [...values, true]);
}

/** A connected client that keeps its session. @throws OperatorError behind a pooler in transaction mode. */
export async function openSession(
  config: pg.ClientConfig & { connectionString: string },
  settings: Settings = {},
): Promise<pg.Client> {
  const client = await openClient(config);
  try {
    await prepareSession(client, { url: config.connectionString, settings });
    return client;
  } catch (error) {
    await client.end();
    throw error;
  }
}

/** The statements that set a transaction: its settings, and its role. */
export function settingsOfTransaction(settings: Settings, role: string | undefined): string {
  const assignments = Object.entries({ ...settings, ...(role && { role }) });
  return assignments.map(([name, value]) => `set local ${name} = ${pg.escapeLiteral(value)}`).join('; ');
}
