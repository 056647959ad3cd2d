import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { insertDeliveries } from '../deliveries.testing.ts';
import { lateCase, testPorts } from './agent.testing.ts';
import { askAgent } from './ask-agent.ts';
import { honestModel } from './scripted-models.testing.ts';
import {
  type Script,
  type ScriptedServer,
  sendMessage,
  startScriptedServer,
} from './scripted-server.testing.ts';
import { type Behaviour, brokenModels, brokenServers } from './server-behaviours.testing.ts';
import type { AgentVerdict } from './verdict.ts';

const modelThatRepeats: Script = (exchange) =>
  exchange.request.tools === undefined
    ? honestModel(exchange)
    : sendMessage(exchange, {
        tool_calls: [
          {
            id: 'x',
            type: 'function',
            function: { name: 'get_order_details', arguments: '{"order_id":"repeats"}' },
          },
        ],
      });

let database: TestDatabase;
let server: ScriptedServer;
const behaviours = [...brokenServers, ...brokenModels];
const { signal } = new AbortController();
const rejections: unknown[] = [];

beforeAll(async () => {
  process.on('unhandledRejection', (reason) => rejections.push(reason));
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
    ['ok', 'looks', 'repeats', 'nowhere', ...behaviours.map((_, at) => `b${at}`)].map((orderId) => ({
      ...delivered,
      orderId,
    })),
  );
  server = await startScriptedServer(honestModel);
});
afterAll(async () => {
  await server.close();
  await database.close();
});

function endOf(verdict: AgentVerdict): string {
  return verdict.outcome === 'answered' ? 'answered' : verdict.code;
}

test('a model gets the facts and answers in one request, and all of it is recorded', async () => {
  server.script = honestModel;
  const ports = testPorts(database, server.baseUrl);
  const verdict = await askAgent(ports, lateCase('ok'), signal);
  expect(verdict).toMatchObject({
    outcome: 'answered',
    answer: { grounds: ['late', 'very_late'], refundCents: 500, note: null },
    call: {
      model: 'scripted',
      promptVersion: 'agent-2',
      requests: 1,
      promptTokens: 400,
      completionTokens: 40,
    },
  });
  expect(verdict.call.trace.map(({ tool, ok }) => [tool, ok])).toEqual([
    ['get_order_details', true],
    ['get_order_delivery_time', true],
    ['get_location_timings', true],
  ]);
  expect(verdict.call.trace[0]?.result).toMatchObject({ total_usd: '20.00', location: 'sf' });
  const { rows } = await database.pool.query(
    `select turn, outcome, prompt_tokens from recommender.model_requests where order_id = 'ok' order by id`,
  );
  expect(rows).toEqual([{ turn: 1, outcome: 'replied', prompt_tokens: 400 }]);
  const sent = server.exchanges.map(({ request }) => [request.tools, request.response_format !== undefined]);
  expect(sent).toEqual([[undefined, true]]);
});

test('in mode tools a model looks facts up without a response format, and answers by the schema without tools', async () => {
  server.exchanges.length = 0;
  const ports = testPorts(database, server.baseUrl, { mode: 'tools' });
  const verdict = await askAgent(ports, lateCase('looks'), signal);
  expect(verdict).toMatchObject({
    outcome: 'answered',
    call: { promptVersion: 'agent-2-tools', requests: 3 },
  });
  expect(verdict.call.trace.map(({ tool }) => tool).sort()).toEqual([
    'get_location_timings',
    'get_order_delivery_time',
    'get_order_details',
  ]);
  const sent = server.exchanges.map(({ request }) => [
    request.tools !== undefined,
    request.response_format !== undefined,
  ]);
  expect(sent).toEqual([
    [true, false],
    [true, false],
    [false, true],
  ]);
});

test('a look-up that is repeated ends the look-ups, and without facts there is no answer', async () => {
  server.script = modelThatRepeats;
  const ports = testPorts(database, server.baseUrl, { mode: 'tools' });
  expect(await askAgent(ports, lateCase('repeats'), signal)).toMatchObject({
    outcome: 'answered',
    call: { requests: 3 },
  });
  const tools = server.exchanges.at(-2)?.request.messages.filter(({ role }) => role === 'tool');
  expect(tools).toHaveLength(1);
  expect(await askAgent(ports, lateCase('unknown'), signal)).toMatchObject({
    outcome: 'failed',
    code: 'no_facts',
  });
  server.script = honestModel;
});

test('a conversation in the journal costs nothing again', async () => {
  const before = server.exchanges.length;
  const verdict = await askAgent(testPorts(database, server.baseUrl), lateCase('ok'), signal);
  expect(verdict).toMatchObject({ outcome: 'answered', call: { requests: 0 } });
  expect(server.exchanges.length).toBe(before);
});

test('there are at least fifty behaviours with distinct names', () => {
  expect(behaviours.length).toBeGreaterThanOrEqual(50);
  expect(new Set(behaviours.map(({ name }) => name)).size).toBe(behaviours.length);
});

test.each(
  behaviours.map((behaviour, at): [string, Behaviour, string] => [behaviour.name, behaviour, `b${at}`]),
)('%s', async (_, behaviour, orderId) => {
  server.script = behaviour.script;
  const verdict = await askAgent(
    testPorts(database, server.baseUrl, { proven: true }),
    lateCase(orderId),
    signal,
  );
  expect(endOf(verdict)).toBe(behaviour.ends);
  const asked = server.exchanges.filter((exchange) => exchange.orderId === orderId);
  expect(asked.length).toBe(verdict.call.requests);
  expect(asked.length).toBeLessThanOrEqual(6);
});

test('a server that refuses the connection is unreachable', async () => {
  const verdict = await askAgent(testPorts(database, 'http://127.0.0.1:1/v1'), lateCase('nowhere'), signal);
  expect(verdict).toMatchObject({ outcome: 'unavailable', code: 'unreachable', call: { requests: 3 } });
});

test('no promise was rejected without a handler', () => {
  expect(rejections).toEqual([]);
});
