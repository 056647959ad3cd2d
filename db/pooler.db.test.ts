import { execFile } from 'node:child_process';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { connect, type Database, inTransaction, sessionPool } from './client.ts';
import { migrateDatabase } from './migrate/migrate.ts';
import { findMissingPooler, type Pooler, type PoolerOptions, startPooler } from './pooler.testing.ts';
import { detectPooling } from './pooling.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

const missing = findMissingPooler();
if (missing) process.stderr.write(`The tests of a pooler are skipped: ${missing}.\n`);

let db: TestDatabase;
const open: { stop(): Promise<void> }[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
});
afterAll(() => db.close());

async function pooler(options: Omit<PoolerOptions, 'url'>): Promise<Pooler> {
  const started = await startPooler({ url: db.url, ...options });
  open.push(started);
  return started;
}

function opened(database: Database): Database {
  open.push({ stop: () => database.close() });
  return database;
}

const role = 'caspers_console';
const STATE = `
  select current_user as role, current_setting('timezone') as timezone, current_setting('statement_timeout') as timeout,
    nullif(current_setting('caspers.request', true), '') as request, (select count(*)::integer from pg_prepared_statements) as plans`;

test.skipIf(missing)('a server, a pooler per session and one per transaction are told apart', async () => {
  expect(await detectPooling(db.url)).toBe('none');
  for (const size of [1, 5]) {
    expect(await detectPooling((await pooler({ mode: 'session', size })).url)).toBe('session');
    expect(await detectPooling((await pooler({ mode: 'transaction', size })).url)).toBe('transaction');
  }
});

test.skipIf(missing)('a pooler in transaction mode is told apart while other clients use it', async () => {
  const { url } = await pooler({ mode: 'transaction', size: 3 });
  const others = new pg.Pool({ connectionString: url, max: 8 });
  let isOver = false;
  const work = Array.from({ length: 8 }, async () => {
    while (!isOver) await others.query('select pg_sleep(0.002)');
  });
  for (let n = 0; n < 5; n += 1) expect(await detectPooling(url)).toBe('transaction');
  isOver = true;
  await Promise.all(work);
  await others.end();
});

test.skipIf(missing).each(['', 'options,statement_timeout,lock_timeout,idle_in_transaction_session_timeout'])(
  'without DIRECT_DATABASE_URL, such a pooler is refused and nothing reaches another client; it ignores "%s"',
  async (ignored) => {
    const { url } = await pooler({ mode: 'transaction', size: 2, ignored });
    const other = new pg.Client({ connectionString: url });
    other.on('error', () => undefined);
    await other.connect();
    const { rows: before } = await other.query(STATE);
    const { pool } = opened(connect({ url, applicationName: 'test', role }));
    await expect(pool.query('select 1')).rejects.toThrow(
      /is a pooler in transaction mode.* Set DIRECT_DATABASE_URL/,
    );
    await expect(migrateDatabase(url)).rejects.toThrow(/is a pooler in transaction mode/);
    expect((await other.query(STATE)).rows).toEqual(before);
    await other.end();
  },
);

test.skipIf(missing)('a pooler that keeps sessions works like a server', async () => {
  const { url } = await pooler({ mode: 'session' });
  expect(await migrateDatabase(url)).toEqual({ migrations: 0, definitions: 0 });
  const { pool } = opened(connect({ url, applicationName: 'test', role }));
  expect((await pool.query(STATE)).rows).toMatchObject([{ role, timezone: 'UTC', timeout: '30s' }]);
});

test.skipIf(missing)(
  'with DIRECT_DATABASE_URL, two programs share connections and neither gets what the other set',
  async () => {
    const { url } = await pooler({ mode: 'transaction', size: 1 });
    const { pool } = opened(
      connect({ url, directUrl: db.url, applicationName: 'test', role, statementTimeoutMs: 7000 }),
    );
    const other = new pg.Client({ connectionString: url });
    other.on('error', () => undefined);
    await other.connect();
    const { rows: before } = await other.query(STATE);
    expect(before[0].role).not.toBe(role);
    const ours = { role, timezone: 'UTC', timeout: '7s', plans: 0 };
    for (let n = 0; n < 5; n += 1) {
      expect((await pool.query({ name: `plan-${n}`, text: STATE })).rows).toMatchObject([ours]);
      expect((await other.query(STATE)).rows).toEqual(before);
      await inTransaction(pool, async (connection) => {
        await connection.query(`select set_config('caspers.request', '{"actor": "ana"}', true)`);
        const { rows } = await connection.query({ name: 'state', text: STATE });
        expect(rows).toMatchObject([{ ...ours, request: '{"actor": "ana"}' }]);
      });
      await expect(pool.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' });
      await expect(pool.query('delete from refunds.refund_decisions')).rejects.toMatchObject({
        code: '42501',
      });
      expect((await other.query(STATE)).rows).toEqual(before);
    }
    await other.end();
  },
);

test.skipIf(missing)('many clients of two programs at once keep their own role and settings', async () => {
  const { url } = await pooler({ mode: 'transaction', size: 3 });
  const ours = opened(connect({ url, directUrl: db.url, applicationName: 'ours', role, max: 8 }));
  const theirs = opened(
    connect({
      url,
      directUrl: db.url,
      applicationName: 'theirs',
      role: 'caspers_sync',
      max: 8,
      statementTimeoutMs: 9000,
    }),
  );
  const seen = async ({ pool }: Database) => {
    const { rows } = await pool.query(STATE);
    return `${rows[0].role} ${rows[0].timezone} ${rows[0].timeout}`;
  };
  const all = await Promise.all(Array.from({ length: 200 }, (_, n) => seen(n % 2 ? ours : theirs)));
  expect(new Set(all.filter((_, n) => n % 2))).toEqual(new Set(['caspers_console UTC 30s']));
  expect(new Set(all.filter((_, n) => n % 2 === 0))).toEqual(new Set(['caspers_sync UTC 9s']));
});

test.skipIf(missing)(
  'statements of one connection keep their order, and a rule at commit is reported',
  async () => {
    const { url } = await pooler({ mode: 'transaction', size: 2 });
    const { pool } = opened(connect({ url, directUrl: db.url, applicationName: 'test' }));
    await db.pool.query(
      'create table public.checked (n integer unique deferrable initially deferred); insert into public.checked values (1)',
    );
    const connection = await pool.connect();
    const order = [
      'begin',
      'insert into public.checked values (2)',
      'insert into public.checked values (3)',
      'commit',
    ];
    await Promise.all(order.map((text) => connection.query(text)));
    await expect(connection.query('insert into public.checked values (1)')).rejects.toMatchObject({
      code: '23505',
    });
    await connection.query('begin isolation level repeatable read, read only');
    await connection.query('set transaction isolation level serializable').catch(() => undefined);
    await connection.query('rollback');
    expect(
      (await connection.query('select n from public.checked order by n')).rows.map(({ n }) => n),
    ).toEqual([1, 2, 3]);
    connection.release();
  },
);

test.skipIf(missing)('what listens has a session of the server itself', async () => {
  const { url } = await pooler({ mode: 'transaction', size: 1 });
  const { pool } = opened(connect({ url, directUrl: db.url, applicationName: 'test', role }));
  const listener = await sessionPool(pool).connect();
  const notified = new Promise((resolve) => listener.once('notification', ({ payload }) => resolve(payload)));
  await listener.query('listen something');
  await pool.query(`select pg_notify('something', 'news')`);
  expect(await notified).toBe('news');
  listener.release(true);
});

function run(script: string, env: Record<string, string>, ...args: string[]) {
  return new Promise<{ code: number; output: string }>((resolve) => {
    const all = { NODE_ENV: 'test' as const, LOG_LEVEL: 'silent', ...env };
    execFile(process.execPath, [`scripts/${script}.ts`, ...args], { env: all }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
}

test.skipIf(missing)(
  'a command refuses the pooler in one sentence, and works with DIRECT_DATABASE_URL beside it',
  async () => {
    const { url } = await pooler({ mode: 'transaction', ignored: 'options' });
    const refused = await run('recommend', { DATABASE_URL: url }, '--once');
    expect(refused).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^127\.0\.0\.1:\d+ is a pooler in transaction mode/),
    });
    expect(refused.output.trim().split('\n')).toHaveLength(1);
    const both = { DATABASE_URL: url, DIRECT_DATABASE_URL: db.url };
    expect(await run('recommend', both, '--once')).toMatchObject({ code: 0 });
    expect(await run('sync', both, '--once')).toMatchObject({ code: 0 });
  },
);
