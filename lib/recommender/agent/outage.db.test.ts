import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { insertDeliveries } from '../deliveries.testing.ts';
import { lateCase, testPorts } from './agent.testing.ts';
import { askAgent } from './ask-agent.ts';
import { honestModel } from './scripted-models.testing.ts';
import {
  type Script,
  type ScriptedServer,
  sendJson,
  startScriptedServer,
} from './scripted-server.testing.ts';
import { Breaker } from './server/breaker.ts';
import type { AgentVerdict } from './verdict.ts';

const ORDERS = 40;
const WORKERS = 4;
let database: TestDatabase;
let server: ScriptedServer;
const { signal } = new AbortController();

beforeAll(async () => {
  database = await createTestDatabase();
  const delivered = {
    location: 'sf',
    deliveredTs: '2026-11-20T12:00:00Z',
    minutes: 39,
    total: '20.00',
    batchId: 1,
  };
  await insertDeliveries(
    database,
    Array.from({ length: ORDERS }, (_, at) => ({ ...delivered, orderId: `O${at}` })),
  );
  server = await startScriptedServer((exchange) => sendJson(exchange, 503, {}));
});
afterAll(async () => {
  await server.close();
  await database.close();
});

test('errors of a server that has never replied are not about orders, and the breaker opens for a minute', async () => {
  const nonsense: Script[] = [
    (exchange) => sendJson(exchange, 400, {}),
    (exchange) => sendJson(exchange, 200, { status: 'ok' }),
  ];
  for (const script of nonsense) {
    server.script = script;
    const ports = testPorts(database, server.baseUrl, { timeoutMs: 20_000 });
    expect(await askAgent(ports, lateCase('O1'), signal)).toMatchObject({ outcome: 'unavailable' });
    if (script === nonsense[0]) expect(ports.breaker.pausedUntil()).toBeDefined();
  }
  server.exchanges.length = 0;
  server.script = (exchange) => sendJson(exchange, 503, {});
});

test('an outage opens the breaker within ten calls, costs one call per pause, and the queue drains afterwards without extra calls', async () => {
  let now = Date.parse('2026-11-20T12:00:00Z');
  const clock = { now: () => new Date(now) };
  const breaker = new Breaker({ clock, random: () => 0.5 });
  const ports = { ...testPorts(database, server.baseUrl, { timeoutMs: 20_000 }), breaker, clock };
  const waiting = new Set(Array.from({ length: ORDERS }, (_, at) => `O${at}`));

  /** Asks about every waiting order, four at a time, as the stream does. */
  async function drain(): Promise<AgentVerdict[]> {
    const turn = [...waiting];
    const verdicts: AgentVerdict[] = [];
    const work = async () => {
      for (let orderId = turn.shift(); orderId !== undefined; orderId = turn.shift()) {
        const verdict = await askAgent(ports, lateCase(orderId), signal);
        if (verdict.outcome === 'answered') waiting.delete(orderId);
        verdicts.push(verdict);
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
    return verdicts;
  }

  const first = await drain();
  expect(first.every(({ outcome }) => outcome === 'unavailable')).toBe(true);
  expect(server.exchanges.length).toBeLessThanOrEqual(10);

  for (let second = 1; second <= 600; second += 1) {
    now += 1_000;
    if (second % 10 === 0) await drain();
  }
  expect(server.exchanges.length).toBeLessThanOrEqual(25);

  server.script = honestModel;
  const before = server.exchanges.length;
  now += 120_000;
  for (let round = 0; round < 3 && waiting.size > 0; round += 1) await drain();
  expect(waiting.size).toBe(0);
  expect(server.exchanges.length - before).toBe(ORDERS);
});
