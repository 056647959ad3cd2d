import { once } from 'node:events';
import { globSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { silentProgress } from '#lib/progress.ts';
import { honestModel, modelThat } from '#lib/recommender/agent/scripted-models.testing.ts';
import {
  type ScriptedServer,
  sendJson,
  startScriptedServer,
} from '#lib/recommender/agent/scripted-server.testing.ts';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { startProcess } from '../setup/start-process.ts';
import { compareRuns } from './compare-runs.ts';
import { describeComparison, describeReport, describeService } from './describe-run.ts';
import { readRun } from './eval-run.ts';
import type { LabelledCase, Part } from './labels.ts';
import { measureFairness } from './measure.ts';
import { evaluateCases, loadLabelled, readLabelled } from './run-eval.ts';

let database: TestDatabase;
let server: ScriptedServer;
const cases = readLabelled();
let directory: string;
const { signal } = new AbortController();

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startScriptedServer(honestModel);
  const volume = await mkdtemp(join(tmpdir(), 'caspers-eval-'));
  await loadLabelled(database, volume, cases, signal).finally(() => rm(volume, { recursive: true }));
});
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterAll(async () => {
  await server.close();
  await database.close();
});

type Trial = {
  policy?: string;
  asksModel?: boolean;
  asksAll?: boolean;
  signal?: AbortSignal;
  until?: AbortSignal;
};

/** Evaluates some of the cases in a directory of the test's own. */
function evaluate(
  some: LabelledCase[],
  { policy = 'v1', asksModel = false, asksAll = true, ...rest }: Trial = {},
) {
  const endpoint = {
    baseUrl: server.baseUrl,
    apiKey: undefined,
    model: 'scripted',
    timeoutMs: 20_000,
    concurrency: 4,
    mode: 'facts' as const,
  };
  const tools = { signal, directory, showProgress: () => silentProgress, ...rest };
  const prices = { prompt: 0.5, completion: 2 };
  const options = { policy, seed: 1, asksAll, endpoint: asksModel ? endpoint : undefined, prices };
  return evaluateCases(database, some, options, tools);
}

function everyFifth(part: Part): LabelledCase[] {
  return cases.filter((one) => one.part === part).filter((_, at) => at % 5 === 0);
}

/** The results of a scorer of a report. */
function resultsOf({ scorers }: Awaited<ReturnType<typeof evaluate>>, name: RegExp) {
  const found = scorers.find((scorer) => name.test(scorer.name));
  if (!found) throw new Error(`no scorer is called ${name}`);
  return found.results;
}

test('policy v1 owes what the golden labels say, to the cent; a constant refusal does not', async () => {
  const report = await evaluate(cases);
  const ofRule = resultsOf(report, /^policy/).filter(({ part }) => part === 'rule');
  expect(ofRule.filter(({ given, label }) => given.refundCents !== label.maxCents)).toEqual([]);
  expect(measureFairness(ofRule)).toMatchObject({ cases: 238, rightClass: 238, rightAmount: 238 });
  const none = resultsOf(report, /^none/).filter(({ part }) => part === 'rule');
  expect(measureFairness(none)).toMatchObject({
    rightAmount: 103,
    paidTooMuchCents: 0,
    paidTooLittleCents: 97_940,
  });
});

test('the policy is not right by construction where people judged', async () => {
  const report = await evaluate(cases);
  const ofPart = (name: RegExp) =>
    measureFairness(resultsOf(report, name).filter(({ part }) => part === 'judged'));
  expect(ofPart(/^policy/).rightAmount).toBeLessThan(ofPart(/^policy/).cases);
  expect(ofPart(/^policy/).rightAmount).toBeGreaterThan(ofPart(/^random/).rightAmount);
  expect(ofPart(/^policy/).paidTooLittleCents).toBeLessThan(ofPart(/^none/).paidTooLittleCents);
});

test('the random baseline is the same for the same seed, and every report shows each kind', async () => {
  const [first, second] = [await evaluate(cases), await evaluate(cases)];
  expect(resultsOf(second, /^random tier, seed 1$/)).toEqual(resultsOf(first, /^random tier, seed 1$/));
  const text = describeReport(first.scorers);
  for (const { kind } of cases) expect(text).toContain(`\n  ${kind.replaceAll('_', ' ')}\n`);
  expect(text).toMatch(/paid too much +paid too little/);
});

test('two versions are compared order by order', async () => {
  const rule = cases.filter(({ part }) => part === 'rule');
  const runOf = async (policy: string) => readRun((await evaluate(rule, { policy })).paths[0] ?? '');
  const [before, after] = [await runOf('v1'), await runOf('v2')];
  const comparison = compareRuns(before, after);
  expect(comparison.changed.length).toBeGreaterThan(20);
  expect(comparison.changed.every(({ better }) => better === 'before')).toBe(true);
  expect(describeComparison(comparison)).toMatch(/before: policy v1 +100\.0 % +100\.0 %/);
  expect(compareRuns(before, before)).toMatchObject({ changed: [], onlyBefore: [], onlyAfter: [] });
});

describe('a model', () => {
  test('that keeps to the rules gives what the policy gives, with its cost', async () => {
    server.script = honestModel;
    const report = await evaluate(everyFifth('rule'), { asksModel: true });
    const results = resultsOf(report, /^scripted/);
    const fairness = measureFairness(results);
    expect(fairness.cases - fairness.rightAmount).toBeLessThanOrEqual(1);
    const service = report.model?.service;
    expect(service).toMatchObject({ answered: results.length, fallbacks: 0 });
    const { promptTokens = 0, completionTokens = 0 } = service ?? {};
    expect(service?.costUsd).toBeCloseTo((promptTokens * 0.5 + completionTokens * 2) / 1e6, 9);
    expect(describeService('scripted', service ?? Object.assign({}))).toContain('fallbacks to the policy 0');
  });

  test('that does not answer costs no customer anything, and its words are kept', async () => {
    server.script = modelThat(() => 'I would rather not.');
    const report = await evaluate(everyFifth('judged'), { asksModel: true });
    const results = resultsOf(report, /^scripted/);
    const unanswered = results.filter(({ code }) => code !== null);
    // An order that was never delivered has no delivery time to ask about.
    const { no_facts: unasked = [], not_json: asked = [] } = Object.groupBy(
      unanswered,
      ({ code }) => code ?? '',
    );
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.every(({ text, answer }) => text === 'I would rather not.' && answer === null)).toBe(true);
    expect(unasked.every(({ text, answer }) => text === '' && answer === null)).toBe(true);
    expect(measureFairness(results)).toEqual(measureFairness(resultsOf(report, /^policy/)));
    expect(asked.length + unasked.length).toBe(unanswered.length);
  });

  test('whose server is down stops the run, and the same command continues it', async () => {
    const some = everyFifth('rule').filter(({ label }) => label.minCents > 0);
    let replies = 0;
    server.script = (exchange) => {
      replies += 1;
      return replies <= 12 ? honestModel(exchange) : sendJson(exchange, 401, {});
    };
    await expect(evaluate(some, { asksModel: true })).rejects.toThrow('run the same command again');
    server.script = honestModel;
    const before = server.exchanges.length;
    const report = await evaluate(some, { asksModel: true });
    const continued = report.model?.continued ?? 0;
    expect(continued).toBeGreaterThan(0);
    const again = new Set(server.exchanges.slice(before).map(({ orderId }) => orderId));
    expect(again.size).toBe(some.length - continued);
    expect(report.model?.service).toMatchObject({ answered: some.length, fallbacks: 0 });
    expect(globSync(join(directory, 'scripted-*.jsonl'))).toHaveLength(1);
  });
});

test('as in the stream nothing is asked where the policy leaves no choice, and a time that is up ends the asking', async () => {
  server.script = honestModel;
  const some = everyFifth('judged');
  const before = server.exchanges.length;
  const upAlready = AbortSignal.abort();
  const early = await evaluate(some, { asksModel: true, asksAll: false, until: upAlready });
  expect(resultsOf(early, /^scripted/)).toEqual([]);
  expect(server.exchanges.length).toBe(before);
  const report = await evaluate(some, { asksModel: true, asksAll: false });
  const { asked = 0, notAsked = 0 } = report.model?.service ?? {};
  expect(asked + notAsked).toBe(some.length);
  const late = resultsOf(report, /^scripted/).filter(({ policy }) => policy.refundCents > 0);
  expect(asked).toBeLessThanOrEqual(late.length);
  const aboutOrders = new Set(server.exchanges.slice(before).map(({ orderId }) => orderId));
  expect(aboutOrders.size).toBe(asked);
});

test('a killed run of the command continues: no answered order is asked again', async () => {
  const path = () => globSync(join(directory, 'eval', 'scripted-*.jsonl'))[0];
  const command = () =>
    startProcess(
      'scripts/eval.ts',
      ['--part', 'judged', '--limit', '40'],
      {
        DATABASE_URL: database.url,
        DATA_DIR: directory,
        OPENAI_MODEL: 'scripted',
        OPENAI_BASE_URL: server.baseUrl,
        AGENT_CONCURRENCY: '2',
      },
      'ignore',
    );
  let killed = command();
  let replies = 0;
  server.script = (exchange) => {
    replies += 1;
    if (replies === 15) killed.child.kill('SIGKILL');
    return honestModel(exchange);
  };
  await once(killed.child, 'exit');
  const kept = readRun(path() ?? '');
  expect(kept.finished).toBe(false);
  const before = server.exchanges.length;
  killed = command();
  server.script = honestModel;
  expect(await once(killed.child, 'exit')).toEqual([0, null]);
  const run = readRun(path() ?? '');
  expect(run).toMatchObject({ finished: true });
  expect(run.results).toHaveLength(40);
  const keptOrders = new Set(kept.results.map(({ orderId }) => orderId));
  expect(server.exchanges.slice(before).filter(({ orderId }) => keptOrders.has(orderId))).toEqual([]);
});
