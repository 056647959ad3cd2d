import type pg from 'pg';
import { OperatorError } from '#lib/errors.ts';
import { openClient } from './open-client.ts';

/**
 * What is between a program and the server: nothing, a pooler that keeps a server's connection for each client, or one
 * that hands it on after every transaction, with everything that a session keeps.
 */
export type Pooling = 'none' | 'session' | 'transaction';

const ATTEMPTS = 5;
/** With a pool of one connection per session, the second client waits until the first one leaves. */
const BLOCKED_MS = 3_000;

/**
 * Finds out what an address leads to, without leaving anything in a session: the process id that the client was told
 * differs from that of the server's process behind a pooler; and in transaction mode two clients at once get the same
 * server process, or one of them gets another process than before.
 */
export async function detectPooling(url: string): Promise<Pooling> {
  const first = await open(url);
  try {
    if ((await readPid(first)) === toldPid(first)) return 'none';
    const second = await open(url);
    try {
      return await compareSessions(first, second);
    } finally {
      await second.end();
    }
  } finally {
    await first.end();
  }
}

const open = (url: string) => openClient({ connectionString: url, application_name: 'caspers pooler check' });

async function compareSessions(first: pg.Client, second: pg.Client): Promise<Pooling> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = await readPid(first);
    // The second keeps its process while it has a transaction.
    const isHeld = await second.query(within('begin')).then(
      () => true,
      () => false,
    );
    const held = isHeld ? await readPid(second) : undefined;
    if (held === before) return 'transaction';
    // A client with a process of its own does not wait.
    const after = await readPid(first).catch(() => undefined);
    if (after !== before) return 'transaction';
    if (!isHeld) return 'session';
    await second.query('rollback');
  }
  return 'session';
}

async function readPid(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query(within('select pg_backend_pid() as pid'));
  return rows[0].pid;
}

const within = (text: string) => ({ text, query_timeout: BLOCKED_MS });

/** The process id that the server, or a pooler in its place, named when the connection was made. */
export function toldPid(client: pg.ClientBase): number | undefined {
  return (client as { processID?: number }).processID ?? undefined;
}

/** Whether two addresses lead to one database of one server, which runs since the same moment. */
export async function isSameDatabase(url: string, other: string): Promise<boolean> {
  const [one, two] = await Promise.all([url, other].map(identifyDatabase));
  return one === two;
}

async function identifyDatabase(url: string): Promise<string> {
  const client = await open(url);
  try {
    const { rows } = await client.query(
      `select concat_ws(' ', oid, pg_postmaster_start_time()) as identity from pg_database where datname = current_database()`,
    );
    return rows[0].identity;
  } finally {
    await client.end();
  }
}

const known = new Map<string, Promise<Pooling>>();

/**
 * Refuses an address that cannot keep a session. Each address is looked at once in a process.
 * @throws OperatorError that says what to set.
 */
export async function assertKeepsSession(url: string): Promise<void> {
  const pooling = known.get(url) ?? detectPooling(url);
  known.set(url, pooling);
  pooling.catch(() => known.delete(url));
  if ((await pooling) === 'transaction') throw new OperatorError(describePooler(url));
}

function describePooler(url: string): string {
  const { host } = new URL(url);
  return `${host} is a pooler in transaction mode, and this needs sessions of its own. Set DIRECT_DATABASE_URL to the address of the server itself; DATABASE_URL may stay. Nothing was changed.`;
}
