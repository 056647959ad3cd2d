import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { agentGrounds } from '#lib/contract/refund.ts';
import { parseUsd } from '#lib/money.ts';
import { insertDeliveries } from '../deliveries.testing.ts';
import { getPolicy } from '../policy/policies.ts';
import { read, recommend, withoutHistory } from '../recommend.testing.ts';
import { scoreById } from '../scoring/score-orders.ts';
import type { Scorer } from '../scoring/scorer.ts';
import { testPorts } from './agent.testing.ts';
import { toAgentCase } from './agent-case.ts';
import { type Habit, habits } from './habits.testing.ts';
import { scoreByAgent } from './open-scorer.ts';
import { type AgentMode, agentModes } from './prompt.ts';
import { answer } from './scripted-models.testing.ts';
import { type ScriptedServer, sendMessage, startScriptedServer } from './scripted-server.testing.ts';

/** On time; late by 30 s and by much; 30 s before the next limit; very late by much and by 15 s. The limits are 45 and 75. */
const MINUTES = [30, 45.5, 60, 74.5, 95, 75.25];
let database: TestDatabase;
let server: ScriptedServer;
let batchId = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  await withoutHistory(database);
  server = await startScriptedServer(() => undefined);
});
afterAll(async () => {
  await server.close();
  await database.close();
});

type Row = {
  orderId: string;
  source: string;
  refundCents: number;
  code: string | null;
  grounds: string[] | null;
  facts: number | null;
};

/** Delivers orders and lets one process ask a scripted server about them, one by one; the policy answers those that still wait. */
async function ask({ name, script }: Pick<Habit, 'name' | 'script'>, mode: AgentMode, minutes = MINUTES) {
  const prefix = `${name}-${mode}`;
  await deliver(prefix, minutes);
  server.script = script;
  const ports = testPorts(database, server.baseUrl, {
    mode,
    timeoutMs: 20_000,
    breaker: { threshold: 5 },
  });
  const scorer: Scorer = {
    server: server.baseUrl,
    model: prefix,
    concurrency: 1,
    pausedUntil: () => ports.breaker.pausedUntil(),
    score: (scoringCase, signal) => scoreByAgent(ports, toAgentCase(scoringCase), signal),
  };
  await recommend(database, { scorer, callsPerHour: 1_000_000, outageMs: 1e9 });
  const waiting = await read(database, 'select from recommender.deferred_orders');
  await recommend(database, {});
  const owed = await readOwed(minutes.map((_, at) => `${prefix}-${at}`));
  return { rows: await readRows(prefix), owed, waiting: waiting.length };
}

async function deliver(prefix: string, minutes: number[]): Promise<void> {
  batchId += 1;
  const common = { location: null, deliveredTs: '2026-11-20T12:00:00Z', total: '20.00', batchId };
  await insertDeliveries(
    database,
    minutes.map((took, at) => ({ ...common, orderId: `${prefix}-${at}`, minutes: took })),
  );
}

async function readRows(prefix: string): Promise<Row[]> {
  const rows = await read<Omit<Row, 'refundCents'> & { usd: string }>(
    database,
    `select order_id as "orderId", source, refund_usd as usd, evidence ->> 'error_code' as code,
      evidence #> '{agent,grounds}' as grounds, jsonb_array_length(trace) as facts
    from recommender.refund_recommendations where source <> 'deferred' and order_id like '${prefix}-%'`,
  );
  return rows.map(({ usd, ...row }) => ({ ...row, refundCents: parseUsd(usd) ?? Number.NaN }));
}

/** What the policy alone gives, by order. */
async function readOwed(orderIds: string[]): Promise<Map<string, number>> {
  const answers = await scoreById(database.pool, await getPolicy(database.pool), orderIds);
  return new Map(answers.map(({ order, refundCents }) => [order.orderId, refundCents]));
}

/** One final row for each order, and less than is owed only on the one ground that allows it here, which the facts bear out. */
function expectNeverLess(rows: Row[], owed: Map<string, number>): void {
  expect(rows.map(({ orderId }) => orderId).sort()).toEqual([...owed.keys()].sort());
  for (const { orderId, source, refundCents, grounds, facts } of rows) {
    const due = owed.get(orderId) ?? Number.NaN;
    const mayBeLess = source === 'agent' && grounds?.includes('just_late');
    if (!mayBeLess) expect([orderId, refundCents >= due]).toEqual([orderId, true]);
    if (source === 'agent') expect(facts).toBeGreaterThan(0);
    if (source === 'policy') expect(refundCents).toBe(due);
  }
}

const trials = habits.flatMap((habit) =>
  agentModes.map((mode): [string, AgentMode, Habit] => [habit.name, mode, habit]),
);

test.each(trials)('%s, mode %s: no customer gets less than by the policy', async (_, mode, habit) => {
  const { rows, owed, waiting } = await ask(habit, mode);
  expectNeverLess(rows, owed);
  // The order on time leaves nothing to choose, so it is not asked about.
  const asked = rows.filter(({ orderId }) => !orderId.endsWith('-0'));
  const ends = asked.map(({ source, code }) => (source === 'agent' ? source : (code ?? 'waits')));
  if (habit.ends === 'waits') expect(waiting).toBeGreaterThan(0);
  else if (habit.ends === 'mixed') expect(new Set(ends)).toEqual(new Set(['agent', 'unfounded']));
  else expect(new Set(ends)).toEqual(new Set([habit.ends]));
});

test('whatever is answered, to orders of any delivery time, no customer gets less without a ground that holds', async () => {
  const answers = fc.sample(
    fc.record({
      refund: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 30, noNaN: true })),
      grounds: fc.oneof(
        fc.subarray(['late', 'just_late', 'thin_sample']),
        fc.subarray([...agentGrounds], { maxLength: 3 }),
      ),
      took: fc.oneof(
        fc.double({ min: 44, max: 47, noNaN: true }),
        fc.double({ min: 44, max: 100, noNaN: true }),
      ),
      prose: fc.constantFrom('', 'Well: ', '```json\n'),
    }),
    { numRuns: 150, seed: 12 },
  );
  const script: Habit['script'] = (exchange) => {
    const { refund, grounds, prose } = answers[Number(/\d+$/.exec(exchange.orderId)?.[0])] ?? {
      refund: 0,
      grounds: [],
      prose: '',
    };
    sendMessage(exchange, { content: `${prose}${answer(refund, grounds)}` });
  };
  const { rows, owed } = await ask(
    { name: 'random', script },
    'facts',
    answers.map(({ took }) => took),
  );
  expectNeverLess(rows, owed);
  const byAgent = rows.filter(({ source }) => source === 'agent');
  expect(byAgent.length).toBeGreaterThan(10);
  const less = byAgent.filter(({ orderId, refundCents }) => refundCents < (owed.get(orderId) ?? 0));
  expect(less.length).toBeGreaterThan(0);
});
