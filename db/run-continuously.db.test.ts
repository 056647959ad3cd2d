import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '#lib/log.ts';
import { runContinuously } from './run-continuously.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** Runs until `until` rounds of work are done; returns the process id of the connection of each round. */
async function run(pollMs: number, until: number, onRound: (round: number) => Promise<unknown>) {
  const stop = new AbortController();
  const pids: number[] = [];
  await runContinuously({
    pool: database.pool,
    channel: 'news',
    pollMs,
    signal: stop.signal,
    log: silentLog,
    work: async (connection) => {
      const { rows } = await connection.query<{ pid: number }>('select pg_backend_pid() as pid');
      pids.push(rows[0]?.pid ?? 0);
      if (pids.length === until) stop.abort();
      await onRound(pids.length);
    },
  });
  return pids;
}

test('a notification wakes the work, also one that arrives during the work', async () => {
  const pids = await run(60_000, 3, () => database.pool.query('notify news'));
  expect(new Set(pids).size).toBe(1);
});

test('without a notification the work runs at each poll', async () => {
  expect(await run(20, 3, async () => undefined)).toHaveLength(3);
});

test('after work that fails or a connection that is lost, it continues on a new connection', async () => {
  const pids = await run(60_000, 3, async (round) => {
    if (round === 1) throw new Error('once');
    if (round === 2) await database.pool.query(`select pg_terminate_backend($1)`, [await listenerPid()]);
  });
  expect(new Set(pids).size).toBe(3);
});

async function listenerPid(): Promise<number> {
  const { rows } = await database.pool.query<{ pid: number }>(
    `select pid from pg_stat_activity
     where datname = current_database() and query like '%pg_backend_pid%' and pid <> pg_backend_pid()
     order by query_start desc limit 1`,
  );
  return rows[0]?.pid ?? 0;
}
