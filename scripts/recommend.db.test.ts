import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { sleep } from '#lib/clock.ts';
import { commandEnvironment } from '#lib/command-environment.testing.ts';
import { generateDeliveries } from '#lib/recommender/deliveries.testing.ts';
import { findDifferences } from '#lib/sync/recommendations.testing.ts';

const ORDERS = 12_000;
let killed: TestDatabase;
let spared: TestDatabase;

beforeAll(async () => {
  [killed, spared] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const shape = { count: ORDERS, days: 60, batches: 8 };
  await Promise.all(
    [killed, spared].map(async (database) => {
      await database.pool.query(`insert into recommender.stream values (true, '-infinity', now())`);
      await generateDeliveries(database, shape);
    }),
  );
});
afterAll(() => Promise.all([killed.close(), spared.close()]));

function start(script: string, database: TestDatabase): ChildProcess {
  return spawn(process.execPath, [`scripts/${script}.ts`, '--once'], {
    env: commandEnvironment({ DATABASE_URL: database.url }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function finish(child: ChildProcess): Promise<{ code: number | null; counts: unknown; talk: string }> {
  let [data, talk] = ['', ''];
  child.stdout?.on('data', (chunk) => (data += chunk));
  child.stderr?.on('data', (chunk) => (talk += chunk));
  const [code] = await once(child, 'close');
  return { code, counts: JSON.parse(data), talk };
}

/** Kills the script `delay` ms after it is seen at work on the database. */
async function killAtWork(script: string, database: TestDatabase, delay: number): Promise<void> {
  const child = start(script, database);
  const gone = once(child, 'exit');
  while (child.exitCode === null && !(await isAtWork(script, database))) await sleep(3);
  await sleep(delay);
  child.kill('SIGKILL');
  await gone;
}

async function isAtWork(script: string, database: TestDatabase): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    `select from pg_locks join pg_stat_activity using (pid)
     where locktype = 'advisory' and datname = current_database() and application_name = $1`,
    [`caspers ${script}`],
  );
  return rowCount === 1;
}

async function read(database: TestDatabase, sql: string): Promise<unknown> {
  const { rows } = await database.pool.query(sql);
  return rows[0];
}

const delays = [0, 15, 40, 80, 130, 200, 300];

test('recommend, killed repeatedly, gives each order the same single answer as an uninterrupted run', async () => {
  for (const delay of delays) await killAtWork('recommend', killed, delay);
  const rest = await finish(start('recommend', killed));
  expect(rest.code).toBe(0);
  expect((await finish(start('recommend', spared))).counts).toMatchObject({ orders: ORDERS, added: ORDERS });
  const answers = `
    select count(*)::integer as rows, count(distinct order_id)::integer as orders,
      md5(string_agg(concat_ws('|', order_id, agent_response, evidence), ';' order by order_id)) as answers
    from recommender.refund_recommendations`;
  const result = await read(killed, answers);
  expect(result).toMatchObject({ rows: ORDERS, orders: ORDERS });
  expect(result).toEqual(await read(spared, answers));

  const again = await finish(start('recommend', killed));
  expect(again).toMatchObject({ code: 0, counts: { orders: 0, added: 0 } });
  expect(again.talk).toContain('Nothing to do');
});

test('sync, killed repeatedly, converges to the newest recommendation of each order', async () => {
  for (const delay of delays) await killAtWork('sync', killed, delay);
  expect((await finish(start('sync', killed))).code).toBe(0);
  expect(await findDifferences(killed)).toEqual([]);
  const rows = 'select count(*)::integer as rows from recommender.pg_recommendations';
  expect(await read(killed, rows)).toEqual({ rows: ORDERS });
  const again = await finish(start('sync', killed));
  expect(again).toMatchObject({ code: 0, counts: { read: 0, written: 0 } });
  expect(again.talk).toContain('Nothing to do');
});
