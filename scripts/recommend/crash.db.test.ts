import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { commandEnvironment } from '#lib/command-environment.testing.ts';
import { honestModel } from '#lib/recommender/agent/scripted-models.testing.ts';
import { type ScriptedServer, startScriptedServer } from '#lib/recommender/agent/scripted-server.testing.ts';
import { generateDeliveries } from '#lib/recommender/deliveries.testing.ts';

const ORDERS = 24;
/** Between a reply and its journal, or between the answer and its row: at the first, a middle and a late one. */
const crashes = [
  'agent-replied=kill@1',
  'agent-replied=kill@4',
  'agent-answered=kill@1',
  'agent-answered=kill@2',
];
let database: TestDatabase;
let server: ScriptedServer;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startScriptedServer(honestModel);
  await database.pool.query(`insert into recommender.stream values (true, '-infinity', now())`);
  await generateDeliveries(database, { count: ORDERS, days: 1, batches: 1 });
});
afterAll(async () => {
  await server.close();
  await database.close();
});

/** Runs `recommend --once` with one order at a time; @returns the signal that ended it, or its exit code. */
async function recommend(failpoints: string): Promise<unknown> {
  const child = spawn(process.execPath, ['scripts/recommend.ts', '--once'], {
    env: commandEnvironment({
      DATABASE_URL: database.url,
      OPENAI_BASE_URL: server.baseUrl,
      OPENAI_MODEL: 'scripted',
      AGENT_CONCURRENCY: '1',
      FAILPOINTS: failpoints,
    }),
    stdio: 'ignore',
  });
  const [code, signal] = await once(child, 'exit');
  return signal ?? code;
}

async function endLeases(): Promise<void> {
  await database.pool.query('update recommender.deferred_orders set not_before = since');
}

/** The orders that the agent was to be asked about: the others leave it nothing to choose. */
async function countDeferred(): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>(
    `select count(*)::integer as n from recommender.refund_recommendations where source = 'deferred'`,
  );
  return rows[0]?.n ?? 0;
}

test('a kill between call and write costs at most one request more, and no row is written twice', async () => {
  for (const crash of crashes) {
    expect(await recommend(crash)).toBe('SIGKILL');
    await endLeases();
  }
  expect(await recommend('')).toBe(0);
  const { rows } = await database.pool.query(`
    select count(*)::integer as rows, count(distinct order_id)::integer as orders
    from recommender.refund_recommendations where source = 'agent'`);
  const asked = await countDeferred();
  expect(asked).toBeGreaterThan(crashes.length);
  expect(rows).toEqual([{ rows: asked, orders: asked }]);
  expect(server.exchanges.length).toBeGreaterThan(asked);
  expect(server.exchanges.length).toBeLessThanOrEqual(asked + crashes.length);
  const { rows: lost } = await database.pool.query(
    'select order_id from recommender.model_requests where outcome is null',
  );
  expect(lost.length).toBe(server.exchanges.length - asked);
});

test('a request that is sent again after a crash has the key of the first', async () => {
  const keys = server.exchanges.map(({ headers }) => headers['idempotency-key']);
  expect(new Set(keys).size).toBe(await countDeferred());
});
