import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { insertDeliveries } from '../deliveries.testing.ts';
import { read, recommend, withoutHistory } from '../recommend.testing.ts';
import type { Scorer } from '../scoring/scorer.ts';
import { testPorts } from './agent.testing.ts';
import { toAgentCase } from './agent-case.ts';
import { scoreByAgent } from './open-scorer.ts';
import { type ScriptedServer, sendJson, startScriptedServer } from './scripted-server.testing.ts';
import { brokenModels, brokenServers } from './server-behaviours.testing.ts';

let database: TestDatabase;
let server: ScriptedServer;
let now = Date.parse('2026-11-20T13:00:00Z');
const behaviours = [...brokenServers, ...brokenModels];
const scriptOf = new Map(behaviours.map((behaviour, at) => [`b${at}`, behaviour]));
const clock = { now: () => new Date(now) };
const minutes = 60_000;

/** Each order is sent to a server with its own behaviour. */
const scorer: Scorer = {
  server: 'http://scripted',
  model: 'scripted',
  concurrency: 4,
  pausedUntil: () => undefined,
  score: (scoringCase, signal) =>
    scoreByAgent(
      { ...testPorts(database, server.baseUrl, { proven: true }), clock },
      toAgentCase(scoringCase),
      signal,
    ),
};

beforeAll(async () => {
  database = await createTestDatabase();
  await withoutHistory(database);
  const delivered = {
    location: null,
    deliveredTs: '2026-11-20T12:00:00Z',
    minutes: 50,
    total: '20.00',
    batchId: 1,
  };
  await insertDeliveries(
    database,
    behaviours.map((_, at) => ({ ...delivered, orderId: `b${at}` })),
  );
  server = await startScriptedServer((exchange) => scriptOf.get(exchange.orderId)?.script(exchange));
  await run();
});
afterAll(async () => {
  await server.close();
  await database.close();
});

function run() {
  return recommend(database, { scorer, clock, callsPerHour: 1_000_000, outageMs: 60 * minutes });
}

type Row = {
  order_id: string;
  source: string;
  refund_usd: string | null;
  code: string | null;
  answer: string | null;
  policy_usd: string | null;
};
const terminal = `
  select order_id, source, refund_usd, evidence ->> 'error_code' as code, evidence #>> '{agent,model_answer,refund_usd}' as answer,
    evidence #>> '{agent,policy_answer,refund_usd}' as policy_usd
  from recommender.refund_recommendations where source <> 'deferred'`;
const serverFaults = new Set(['rejected', 'too_large', 'not_a_completion']);

function expectedSource({ ends }: (typeof behaviours)[number]): string | undefined {
  if (ends === 'answered') return 'agent';
  return brokenModels.some((one) => one.ends === ends) || serverFaults.has(ends) ? 'policy' : undefined;
}

test('an answer is one row with its amount, a failure is one row with the amount of the policy and with its code', async () => {
  const rows = await read<Row>(database, terminal);
  expect(new Set(rows.map(({ order_id }) => order_id)).size).toBe(rows.length);
  const found = new Map(rows.map((row) => [row.order_id, row]));
  for (const [orderId, behaviour] of scriptOf) {
    const row = found.get(orderId);
    expect([behaviour.name, row?.source]).toEqual([behaviour.name, expectedSource(behaviour)]);
    if (row?.source === 'policy')
      expect(row).toMatchObject({ code: behaviour.ends, refund_usd: row.policy_usd, answer: null });
    if (row?.source === 'agent') expect(Number(row.refund_usd)).toBeLessThanOrEqual(20);
  }
});

test('no customer gets less than by the policy alone, whatever the model or its server does', async () => {
  for (const { source, refund_usd, policy_usd } of await read<Row>(database, terminal))
    expect([source, Number(refund_usd) >= Number(policy_usd)]).toEqual([source, true]);
});

test('no amount is invented: without a ground for another one it is the policy’s, whatever the model asks for', async () => {
  const rows = (await read<Row>(database, terminal)).filter(({ source }) => source === 'agent');
  expect(rows.length).toBeGreaterThan(10);
  expect(new Set(rows.map(({ answer }) => answer)).size).toBeGreaterThan(1);
  for (const { refund_usd, policy_usd } of rows) expect(refund_usd).toBe(policy_usd);
});

test('every row of an agent has the trace of the facts that the model saw', async () => {
  const rows = await read<{ facts: number }>(
    database,
    `select (select count(*)::integer from jsonb_array_elements(trace) as run where run ->> 'ok' = 'true') as facts
    from recommender.refund_recommendations where source = 'agent'`,
  );
  expect(Math.min(...rows.map(({ facts }) => facts))).toBeGreaterThanOrEqual(2);
});

test('deferred orders are visible, and after a long outage the policy answers them: one final row each', async () => {
  const deferred = behaviours.filter((behaviour) => expectedSource(behaviour) === undefined).length;
  expect(await read(database, 'select from recommender.deferred_orders')).toHaveLength(deferred);
  server.script = (exchange) => sendJson(exchange, 503, {});
  now += 2 * 24 * 60 * minutes;
  const first = await run();
  now += 61 * minutes;
  const second = await run();
  expect(first.byPolicy + second.byPolicy).toBe(deferred);
  expect(
    await read(
      database,
      `select distinct evidence ->> 'fallback' as fallback from recommender.refund_recommendations
      where source = 'policy' and evidence ->> 'fallback' <> 'agent_failed'`,
    ),
  ).toEqual([{ fallback: 'agent_unavailable' }]);
  const rows = await read<Row>(database, terminal);
  expect(rows.length).toBe(behaviours.length);
  expect(new Set(rows.map(({ order_id }) => order_id)).size).toBe(behaviours.length);
});
