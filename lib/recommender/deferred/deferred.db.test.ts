import { afterAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { type Clock, sleep } from '#lib/clock.ts';
import { insertDeliveries } from '../deliveries.testing.ts';
import { quietly, recommend as recommendQuietly, withoutHistory } from '../recommend.testing.ts';
import { type RecommendOptions, recommendContinuously } from '../run.ts';
import type { ScoringCase } from '../scoring/scorer.ts';
import { claimOrder } from './claim-order.ts';
import { accept, call, scripted } from './scripted-scorer.testing.ts';
import { storeAnswer } from './store-answer.ts';

let database: TestDatabase;
let now: number;
const HOUR = 3_600_000;

beforeEach(async () => {
  await database?.close();
  database = await createTestDatabase();
  await withoutHistory(database);
  now = Date.parse('2026-11-20T12:00:00Z');
});
afterAll(() => database.close());

const clock: Clock = { now: () => new Date(now) };

function recommend(change: Partial<RecommendOptions>) {
  return recommendQuietly(database, { clock, callsPerHour: 1_000, outageMs: HOUR, ...change });
}

async function deliver(count: number, batchId = 1): Promise<void> {
  await insertDeliveries(
    database,
    Array.from({ length: count }, (_, n) => ({
      orderId: `${batchId}-${n}`,
      location: 'sf',
      deliveredTs: new Date(now - (count - n) * 60_000).toISOString(),
      minutes: 10 + 40 * batchId + n,
      total: '20.00',
      batchId,
    })),
  );
}

async function read(sql: string): Promise<unknown[]> {
  return (await database.pool.query(sql)).rows;
}

const bySource = `
  select source, count(*)::integer as n, count(distinct order_id)::integer as orders
  from recommender.refund_recommendations group by source order by source`;

test('an order for the agent is deferred first, then answered once, and stored with the record of its call', async () => {
  await deliver(3);
  const scorer = scripted(accept);
  expect(await recommend({ scorer })).toMatchObject({ orders: 3, added: 3, called: 3, byPolicy: 0 });
  expect(await read(bySource)).toEqual([
    { source: 'agent', n: 3, orders: 3 },
    { source: 'deferred', n: 3, orders: 3 },
  ]);
  expect(
    await read(`select model, prompt_version, tokens, latency_ms, trace, agent_response, evidence -> 'agreement' as agreement
      from recommender.refund_recommendations where source = 'agent' limit 1`),
  ).toEqual([
    {
      model: 'test-model',
      prompt_version: 'p1',
      tokens: 12,
      latency_ms: 34,
      trace: [{ tool: 'x' }],
      agent_response: '{"as":"it came"}',
      agreement: true,
    },
  ]);
  expect(await read('select from recommender.deferred_orders')).toEqual([]);
  expect(await recommend({ scorer })).toMatchObject({ orders: 0, called: 0 });
});

test("an hour's calls are never exceeded; the rest stays deferred and is processed later, also after a crash", async () => {
  await deliver(120);
  const scorer = scripted(accept);
  expect(await recommend({ scorer, callsPerHour: 70 })).toMatchObject({ added: 120, called: 70 });
  expect(await recommend({ scorer, callsPerHour: 70 })).toMatchObject({ called: 0 });
  now += HOUR - 1;
  expect(await recommend({ scorer, callsPerHour: 70 })).toMatchObject({ called: 0 });
  now += 1;
  expect(await recommend({ scorer, callsPerHour: 70 })).toMatchObject({ called: 50 });
  expect(new Set(scorer.asked).size).toBe(120);
  expect(await read(bySource)).toEqual([
    { source: 'agent', n: 120, orders: 120 },
    { source: 'deferred', n: 120, orders: 120 },
  ]);
});

test('a call that was begun counts and its lease holds although its process died; then the order is processed again', async () => {
  await deliver(1);
  await recommend({ scorer: scripted(accept), callsPerHour: 0 });
  const claimed = await claimOrder(database.pool, { now: clock.now(), callsPerHour: 2, leaseMs: 60_000 });
  expect(claimed?.orderId).toBe('1-0');
  expect(await recommend({ scorer: scripted(accept), callsPerHour: 2 })).toMatchObject({ called: 0 });
  now += 60_000;
  expect(await recommend({ scorer: scripted(accept), callsPerHour: 1 })).toMatchObject({ called: 0 });
  expect(await recommend({ scorer: scripted(accept), callsPerHour: 2 })).toMatchObject({ called: 1 });
});

test('of two answers to one order, the first is kept and the second adds nothing', async () => {
  await deliver(1);
  await recommend({ scorer: scripted(accept), callsPerHour: 0 });
  const options = { now: clock.now(), callsPerHour: 9, leaseMs: 0 };
  const claims = [await claimOrder(database.pool, options), await claimOrder(database.pool, options)];
  const seen: ScoringCase[] = [];
  const scorer = scripted((given) => {
    seen.push(given);
    return accept(given);
  });
  await recommend({ scorer });
  const [asked] = seen;
  for (const claim of claims) {
    if (!claim || !asked) throw new Error('both must have been claimed');
    const answer = accept(asked);
    await storeAnswer(database.pool, {
      claim,
      policyAnswer: asked.policyAnswer,
      answer,
      now: clock.now(),
    });
  }
  expect(await read(bySource)).toContainEqual({ source: 'agent', n: 1, orders: 1 });
});

test('after a failed call the amount is the policy’s, with the code and the model’s text, and final', async () => {
  await deliver(1);
  const failed = { call, outcome: 'failed' as const, code: 'not_json', reason: 'No answer.' };
  const scorer = scripted(() => ({ ...failed, agentResponse: '<html>' }));
  await recommend({ scorer });
  expect(
    await read(`select source, refund_class, refund_usd, agent_response, evidence ->> 'fallback' as fallback,
        evidence ->> 'error_code' as code
      from recommender.refund_recommendations where source <> 'deferred'`),
  ).toEqual([
    {
      source: 'policy',
      refund_class: 'partial',
      refund_usd: '3.00',
      agent_response: '<html>',
      fallback: 'agent_failed',
      code: 'not_json',
    },
  ]);
  expect(await recommend({ scorer })).toMatchObject({ called: 0 });
});

test('an unavailable server leaves orders deferred; an outage longer than the limit lets the policy answer, labelled', async () => {
  await deliver(40);
  const down = scripted(() => ({
    call,
    outcome: 'unavailable',
    code: 'refused',
    retryAt: new Date(now + 60_000),
  }));
  expect(await recommend({ scorer: down })).toMatchObject({ called: 40, byPolicy: 0 });
  now += HOUR - 1;
  expect(await recommend({ scorer: down })).toMatchObject({ called: 40, byPolicy: 0 });
  expect(await read(bySource)).toEqual([{ source: 'deferred', n: 40, orders: 40 }]);
  now += 60_000;
  await deliver(5, 2);
  expect(await recommend({ scorer: down })).toMatchObject({ byPolicy: 40 });
  expect(await read(`${bySource}`)).toEqual([
    { source: 'deferred', n: 45, orders: 45 },
    { source: 'policy', n: 40, orders: 40 },
  ]);
  expect(
    await read(`select distinct evidence ->> 'fallback' as fallback, reason ~ 'The agent was not available' as explained
      from recommender.refund_recommendations where source = 'policy'`),
  ).toEqual([{ fallback: 'agent_unavailable', explained: true }]);
  now += 60_000;
  expect(await recommend({ scorer: scripted(accept) })).toMatchObject({ called: 5, byPolicy: 0 });
});

test('a paused scorer is not called', async () => {
  await deliver(2);
  const scorer = { ...scripted(accept), pausedUntil: () => new Date(now + 1) };
  expect(await recommend({ scorer })).toMatchObject({ added: 2, called: 0 });
  expect(await read('select from recommender.agent_calls')).toEqual([]);
});

test('without an agent the policy answers the deferred orders, and their rows say so', async () => {
  await deliver(2);
  await recommend({ scorer: scripted(accept), callsPerHour: 0 });
  expect(await recommend({})).toMatchObject({ byPolicy: 2 });
  expect(
    await read(`select distinct evidence ->> 'fallback' as fallback from recommender.refund_recommendations
      where source = 'policy'`),
  ).toEqual([{ fallback: 'no_agent' }]);
});

test('a rescore is stored beside the first answer, with the note and who requested it', async () => {
  await deliver(35);
  const scorer = scripted(accept);
  await recommend({ scorer });
  const rerun = `select recommender.request_rescore('1-7', ' The customer waited outside. ', 'ana@example.com') as run`;
  expect(await read(rerun)).toEqual([{ run: 1 }]);
  expect(await read(rerun)).toEqual([{ run: 2 }]);
  expect(await recommend({ scorer })).toMatchObject({ called: 2 });
  expect(
    await read(`select source, rerun, note, requested_by from recommender.refund_recommendations
      where order_id = '1-7' and source <> 'deferred' order by rerun limit 2`),
  ).toEqual([
    { source: 'agent', rerun: 0, note: null, requested_by: null },
    { source: 'agent', rerun: 1, note: 'The customer waited outside.', requested_by: 'ana@example.com' },
  ]);
  await expect(read(`select recommender.request_rescore('unknown', 'x', 'y')`)).rejects.toThrow(
    'no recommendation for order unknown',
  );
});

test('run continuously, new orders go to the agent, and a rescore is processed when it is requested', async () => {
  const stop = new AbortController();
  const scorer = scripted(accept);
  const running = recommendContinuously(database, {
    ...quietly,
    signal: stop.signal,
    scorer,
    callsPerHour: 100,
    outageMs: HOUR,
  });
  await deliver(3);
  await database.pool.query('notify pipeline_batch');
  await untilAsked(scorer, 3);
  await database.pool.query(`select recommender.request_rescore('1-1', 'Look again.', 'ana@example.com')`);
  await untilAsked(scorer, 4);
  stop.abort();
  await running;
  expect(scorer.asked.at(-1)).toBe('1-1');
  expect(await read(bySource)).toContainEqual({ source: 'agent', n: 4, orders: 3 });
});

async function untilAsked({ asked }: { asked: string[] }, times: number): Promise<void> {
  while (asked.length < times) await sleep(10);
}
