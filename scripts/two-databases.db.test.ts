import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '#db/client.ts';
import { type Embedded, startEmbedded } from '#db/embedded/start.ts';
import { migrateDatabase } from '#db/migrate/migrate.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { createApiToken } from '#lib/auth/people/index.ts';
import { checkReadiness } from '#lib/health/index.ts';
import { silentLog } from '#lib/log.ts';
import { loadDimensions } from '#lib/simulator/index.ts';
import { type StartedServer, startApi } from '#verification/setup/start-process.ts';

/** Postgres of the lakehouse is a server of its own, which is stopped half-way; the console has the server of the tests. */
let lakehouse: Embedded;
let consoleDb: TestDatabase;
let api: StartedServer;
let token: string;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'caspers-two-'));
  lakehouse = await startEmbedded({ directory: `${directory}/postgres`, durable: false, log: silentLog });
  await migrateDatabase(lakehouse.url);
  const lakehouseDb = connect({ url: lakehouse.url, applicationName: 'caspers test', max: 1 });
  await loadDimensions(lakehouseDb, 'data/dimensional');
  await lakehouseDb.close();
  consoleDb = await createTestDatabase();
  await consoleDb.pool.query(
    `insert into refunds.settings (approval_limit_usd, changed_by, reason) values (1e6, 'test', 'No limit')`,
  );
  const admin = { email: 'ada@example.com', role: 'admin' } as const;
  token = await createApiToken(consoleDb, admin, { name: 'two-databases', role: 'reviewer', days: 1 });
  api = await startApi(consoleDb.url, directory);
});
afterAll(async () => {
  await api?.stop();
  await consoleDb?.close();
  await lakehouse?.stop();
  await rm(directory, { recursive: true, force: true });
});

const execute = promisify(execFile);

/** Runs a command on the lakehouse, or the sync from it to the console. */
async function run(url: string, script: string, ...args: string[]): Promise<string> {
  const env = {
    NODE_ENV: 'test',
    DATA_DIR: directory,
    LAKEHOUSE_DATABASE_URL: lakehouse.url,
    DATABASE_URL: url,
  } as const;
  return (await execute(process.execPath, [`scripts/${script}.ts`, ...args], { env })).stdout;
}

async function ask<Answer>(path: string): Promise<Answer> {
  const response = await fetch(`${api.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  expect([path, response.status]).toEqual([path, 200]);
  return (await response.json()) as Answer;
}

type Item = {
  order_id: string;
  order_total_usd: number;
  suggestion: { recommendation_id: number; refund_usd: number };
};

async function listQueue(limit: number): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor = ''; items.length < limit; ) {
    const page = await ask<{ items: Item[]; next_cursor: string | null }>(
      `/api/recommendations?status=queued&include_zero=true&limit=50${cursor && `&cursor=${cursor}`}`,
    );
    items.push(...page.items);
    if (page.next_cursor === null) break;
    cursor = page.next_cursor;
  }
  return items.slice(0, limit);
}

/** Refunds a cent less than the whole order, or a part of it. @returns the status of the answer and the milliseconds. */
async function decide(item: Item, n: number): Promise<{ status: number; ms: number }> {
  const started = performance.now();
  const response = await fetch(`${api.url}/api/refunds`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': `two-databases-${item.order_id}`,
    },
    body: JSON.stringify({
      order_id: item.order_id,
      refund_class: n % 2 ? 'full' : 'partial',
      amount_usd: n % 2 ? item.order_total_usd : 0.01,
      reason: 'It came late',
      reason_code: 'other',
    }),
  });
  await response.arrayBuffer();
  return { status: response.status, ms: performance.now() - started };
}

/** Decides orders one after another, within the ten writes a second that the API allows one client. */
async function decideAll(items: Item[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const [n, item] of items.entries()) {
    const { status, ms } = await decide(item, n);
    statuses.push(status);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, 105 - ms)));
  }
  return statuses;
}

test('with the lakehouse on another server, every order can be looked at and decided, also while it is stopped', async () => {
  await run(lakehouse.url, 'simulate', '--days', '2', '--location', 'all', '--seed', '5');
  await run(lakehouse.url, 'pipeline', '--once');
  await run(lakehouse.url, 'recommend', '--once');
  const synced = JSON.parse(await run(consoleDb.url, 'sync', '--once')) as { written: number };
  expect(synced.written).toBeGreaterThan(220);
  for (const table of [
    'lakeflow.all_events',
    'lakeflow.silver_order_items',
    'recommender.refund_recommendations',
  ]) {
    const { rows } = await consoleDb.pool.query(`select count(*)::integer as n from ${table}`);
    expect([table, rows[0]?.n]).toEqual([table, 0]);
  }

  await lookAtOrder((await listQueue(1))[0]);
  const orders = await listQueue(210);
  expect(orders).toHaveLength(210);
  expect(await decideAll(orders.slice(0, 100))).toEqual(Array.from({ length: 100 }, () => 201));

  await lakehouse.stop();
  await expect(run(consoleDb.url, 'sync', '--once')).rejects.toMatchObject({
    stderr: expect.stringContaining('the database that LAKEHOUSE_DATABASE_URL names'),
  });
  const { ready, checks } = await checkReadiness(consoleDb);
  expect([ready, checks.sync.ok]).toEqual([true, false]);
  expect(await decideAll(orders.slice(100, 200))).toEqual(Array.from({ length: 100 }, () => 201));
  await lookAtOrder(orders[205]);
  const { rows } = await consoleDb.pool.query(
    `select count(*)::integer as n, count(*) filter (where amount_usd = order_total_usd)::integer as full
     from refunds.refund_decisions join recommender.pg_orders using (order_id) where total_usd = order_total_usd`,
  );
  expect(rows).toEqual([{ n: 200, full: 100 }]);
});

/** Its events, its address, the brands to filter by and the queue of one of them. */
async function lookAtOrder(item: Item | undefined): Promise<void> {
  if (!item) throw new Error('the queue has an order');
  const { events } = await ask<{ events: { event_type: string }[] }>(
    `/api/orders/${item.order_id}/events?include_pings=true`,
  );
  const types = events.map(({ event_type }) => event_type);
  expect(types.slice(0, 1)).toEqual(['order_created']);
  expect(types).toEqual(expect.arrayContaining(['driver_ping', 'driver_picked_up', 'delivered']));
  expect(JSON.stringify(events)).not.toMatch(/customer_(addr|lat|lon)/);
  const { address } = await ask<{ address: string }>(`/api/orders/${item.order_id}/destination`);
  expect(address).toMatch(/\w+/);
  const { brands } = await ask<{ brands: { id: number; name: string }[] }>('/api/brands');
  expect(brands.length).toBeGreaterThan(10);
  const counts: number[] = [];
  for (const { id } of brands.slice(0, 8)) {
    const { total } = await ask<{ total: number }>(
      `/api/recommendations?include_zero=true&brand=${id}&limit=1`,
    );
    counts.push(total);
  }
  expect(Math.max(...counts)).toBeGreaterThan(0);
}
