import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { systemClock } from '#lib/clock.ts';
import { OperatorError } from '#lib/errors.ts';
import { answer, honestModel, modelThat } from '#lib/recommender/agent/scripted-models.testing.ts';
import { type ScriptedServer, startScriptedServer } from '#lib/recommender/agent/scripted-server.testing.ts';
import { openScorer } from '#lib/recommender/index.ts';
import { getPolicy } from '#lib/recommender/policy/index.ts';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { compareRuns } from './compare-runs.ts';
import { describeComparison } from './describe-run.ts';
import { type EvalRun, readRun, writeRun } from './eval-run.ts';
import { evaluateModel, evaluatePolicy, scoreLabelled } from './evaluate.ts';
import { loadGolden, readGoldenSet } from './golden-set.ts';
import { measure } from './measure.ts';

let database: TestDatabase;
let server: ScriptedServer;
const golden = readGoldenSet();

beforeAll(async () => {
  database = await createTestDatabase();
  await loadGolden(database, golden.deliveries);
  server = await startScriptedServer(honestModel);
});
afterAll(async () => {
  await server.close();
  await database.close();
});

async function tryPolicy(version: string): Promise<EvalRun> {
  const policy = await getPolicy(database.pool, version);
  const results = evaluatePolicy(policy, await scoreLabelled(database.pool, policy, golden.labels));
  return { scorer: version, at: '2026-11-20T12:00:00.000Z', measures: measure(results), results };
}

async function tryModel() {
  const policy = await getPolicy(database.pool, 'v1');
  const labels = golden.labels.filter((_, at) => at % 5 === 0);
  const { baseUrl } = server;
  const endpoint = { baseUrl, apiKey: undefined, model: 'scripted', timeoutMs: 20_000, concurrency: 4 };
  const options = { clock: systemClock, random: () => 0.5, keepsJournal: false };
  const scorer = openScorer(database, endpoint, options);
  const { signal } = new AbortController();
  const results = await evaluateModel(
    { scorer, policy, signal, onProgress: () => undefined },
    await scoreLabelled(database.pool, policy, labels),
  );
  return { results, measures: measure(results, { prompt: 0.5, completion: 2 }) };
}

test('the golden set has more than two hundred labelled orders of every kind, each once', () => {
  expect(new Set(golden.labels.map(({ order_id }) => order_id)).size).toBe(golden.labels.length);
  expect(golden.labels.length).toBeGreaterThanOrEqual(200);
  const counts = Object.groupBy(golden.labels, ({ refund_class, made }) => `${made} ${refund_class}`);
  expect(Object.keys(counts).sort()).toEqual([
    'by_hand full',
    'by_hand none',
    'by_hand partial',
    'simulated none',
    'simulated partial',
  ]);
});

test('policy v1 owes what the labels say, to the cent, and its reasons agree with the data', async () => {
  const { measures, results } = await tryPolicy('v1');
  expect(results.filter((result) => result.answer?.refundCents !== result.label.refundCents)).toEqual([]);
  expect(results.flatMap(({ contradictions }) => contradictions)).toEqual([]);
  expect(measures).toMatchObject({
    classAccuracy: 1,
    meanAbsoluteErrorUsd: 0,
    timingOnly: 1,
    withoutContradiction: 1,
  });
});

test('two versions are compared order by order', async () => {
  const [before, after] = [await tryPolicy('v1'), await tryPolicy('v2')];
  const comparison = compareRuns(before, after);
  expect(comparison.changed.length).toBeGreaterThan(20);
  expect(comparison.changed.every(({ better }) => better === 'before')).toBe(true);
  expect(after.results.flatMap(({ contradictions }) => contradictions)).toEqual([]);
  expect(describeComparison(comparison)).toMatch(/class accuracy +100\.0 % → \d/);
  expect(describeComparison(compareRuns(before, before))).toContain('No measure changed.');
});

describe('a model', () => {
  test('that keeps to the rules scores as the policy does, with its cost', async () => {
    server.script = honestModel;
    const { measures, results } = await tryModel();
    expect(
      results.filter((one) => one.answer?.refundCents !== one.policy.refundCents).length,
    ).toBeLessThanOrEqual(1);
    expect(measures).toMatchObject({
      answered: measures.cases,
      timingOnly: 1,
      promptTokens: 800 * measures.cases,
    });
    expect(measures.costUsd).toBeCloseTo((measures.cases * (800 * 0.5 + 80 * 2)) / 1e6, 9);
    expect(measures.withoutContradiction).toBeGreaterThan(0.95);
  });

  test('that invents facts is detected, and its amounts are clamped', async () => {
    server.script = modelThat((facts) => {
      const total = Number(facts.total_usd);
      return answer(total, total, 'The soup was cold after 123.45 minutes, sorry.');
    });
    const { measures } = await tryModel();
    expect(measures).toMatchObject({ timingOnly: expect.any(Number), withoutContradiction: 0 });
    expect(measures.clampedToPolicy).toBeGreaterThan(0.9);
    expect(measures.timingOnly).toBeLessThan(0.6);
  });

  test('that does not answer is wrong in every class', async () => {
    server.script = modelThat(() => 'I would rather not.');
    const { measures, results } = await tryModel();
    expect(measures).toMatchObject({ answered: 0, classAccuracy: 0, timingOnly: null });
    expect(new Set(results.map(({ code }) => code))).toEqual(new Set(['not_json']));
  });
});

test('a run is read as it was written; a file that is not a run is refused by name', async () => {
  const path = join(await temporaryDirectory(), 'eval', 'run.jsonl');
  const run = await tryPolicy('v1');
  writeRun(path, run);
  expect(readRun(path)).toEqual(run);
  expect(() => readRun('package.json')).toThrow(OperatorError);
  expect(() => readRun('nowhere.jsonl')).toThrow('nowhere.jsonl is not a run of the evaluation');
});
