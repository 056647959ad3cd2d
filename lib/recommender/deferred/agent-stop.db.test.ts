import { afterAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import type { Clock } from '#lib/clock.ts';
import { insertDeliveries } from '../deliveries.testing.ts';
import { recommend as recommendQuietly, withoutHistory } from '../recommend.testing.ts';
import type { RecommendOptions } from '../run.ts';
import { resumeAgents } from './agent-stop.ts';
import { accept, call, scripted } from './scripted-scorer.testing.ts';

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

test('after several unusable answers in a row the agent is not asked, the policy answers, and a person resumes it', async () => {
  const failed = {
    call,
    outcome: 'failed' as const,
    code: 'unfounded',
    reason: 'No answer.',
    agentResponse: '',
  };
  let isUsable = false;
  const scorer = { ...scripted((asked) => (isUsable ? accept(asked) : failed)), concurrency: 1 };
  const stopAfter = 3;
  await deliver(2);
  expect(await recommend({ scorer, stopAfter })).toMatchObject({ called: 2 });
  await deliver(4, 2);
  expect(await recommend({ scorer, stopAfter })).toMatchObject({ called: 1, byPolicy: 3 });
  const stops = 'select unusable, code, resumed_by from recommender.agent_stops';
  expect(await read(stops)).toEqual([{ unusable: 3, code: 'unfounded', resumed_by: null }]);
  await deliver(2, 3);
  expect(await recommend({ scorer, stopAfter })).toMatchObject({ called: 0, byPolicy: 2 });
  expect(
    await read(`select evidence ->> 'fallback' as fallback, count(*)::integer as n
      from recommender.refund_recommendations where source = 'policy' group by 1 order by 1`),
  ).toEqual([
    { fallback: 'agent_failed', n: 3 },
    { fallback: 'agent_stopped', n: 5 },
  ]);
  now += 1_000;
  const by = 'ana@example.com';
  expect(await resumeAgents(database.pool, { by, now: clock.now() })).toEqual([
    { server: 'http://test', model: 'test-model' },
  ]);
  expect(await resumeAgents(database.pool, { by, now: clock.now() })).toEqual([]);
  isUsable = true;
  now += 1_000;
  await deliver(2, 4);
  expect(await recommend({ scorer, stopAfter })).toMatchObject({ called: 2, byPolicy: 0 });
  expect(await read(stops)).toEqual([{ unusable: 3, code: 'unfounded', resumed_by: by }]);
});

test('a usable answer in between, and another model, are no stop', async () => {
  await deliver(9);
  const failed = { call, outcome: 'failed' as const, code: 'empty', reason: 'No answer.', agentResponse: '' };
  let asked = 0;
  const scorer = { ...scripted((given) => (++asked % 3 === 0 ? accept(given) : failed)), concurrency: 1 };
  expect(await recommend({ scorer, stopAfter: 3 })).toMatchObject({ called: 9, byPolicy: 0 });
  await deliver(3, 2);
  const other = { ...scripted(() => failed), model: 'another', concurrency: 1 };
  expect(await recommend({ scorer: other, stopAfter: 3 })).toMatchObject({ called: 3 });
});
