import { appendFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OperatorError } from '#lib/errors.ts';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { type CaseResult, openRun, readRun } from './eval-run.ts';
import { measureFairness, measureService } from './measure.ts';

const run = { scorer: 'model agent-2 policy v1', at: '2026-11-20T12:00:00.000Z', over: 'abc' };

function resultOf(orderId: string, changes: Partial<CaseResult> = {}): CaseResult {
  const amount = { refundClass: 'partial', refundCents: 500 } as const;
  return {
    part: 'judged',
    kind: 'outages',
    orderId,
    label: { classes: ['partial'], minCents: 300, maxCents: 600 },
    policy: amount,
    given: amount,
    answer: amount,
    asked: true,
    code: null,
    settled: true,
    clamped: false,
    reason: 'Late.',
    text: null,
    latencyMs: 10,
    promptTokens: 100,
    completionTokens: 10,
    ...changes,
  };
}

test('a run is read as it was written, and only a finished one is not continued', async () => {
  const directory = join(await temporaryDirectory(), 'eval');
  const first = openRun(directory, run);
  first.add(resultOf('A'));
  const second = openRun(directory, { ...run, at: '2026-11-21T12:00:00.000Z' });
  expect(second.path).toBe(first.path);
  expect([...second.has.keys()]).toEqual(['A']);
  second.add(resultOf('B', { text: 'words\u2028of a model', code: 'not_json', answer: null }));
  second.finish();
  expect(readRun(first.path)).toMatchObject({
    ...run,
    finished: true,
    results: [{ orderId: 'A' }, { orderId: 'B' }],
  });
  const third = openRun(directory, { ...run, at: '2026-11-22T12:00:00.000Z' });
  expect(third.path).not.toBe(first.path);
  expect(third.has.size).toBe(0);
});

test('other cases, rules or models are another run', async () => {
  const directory = await temporaryDirectory();
  openRun(directory, run).add(resultOf('A'));
  expect(openRun(directory, { ...run, over: 'other', at: '2026-11-21T12:00:00.000Z' }).has.size).toBe(0);
  expect(openRun(directory, { ...run, scorer: 'model agent-3 policy v1' }).has.size).toBe(0);
});

test('a line that a killed process left unfinished is cut off, and an order without a reply is asked again', async () => {
  const directory = await temporaryDirectory();
  const file = openRun(directory, run);
  file.add(resultOf('A'));
  file.add(resultOf('B', { code: 'timed_out', settled: false, answer: null }));
  appendFileSync(file.path, '{"result":{"orderId":"C"');
  const again = openRun(directory, run);
  expect([...again.has.keys()]).toEqual(['A']);
  again.add(resultOf('B'));
  expect(readRun(file.path).results.map(({ orderId, code }) => [orderId, code])).toEqual([
    ['A', null],
    ['B', null],
  ]);
});

test('the file of an earlier version is left alone', async () => {
  const directory = await temporaryDirectory();
  const old = join(directory, 'model-agent-2-policy-v1-20261001T120000000Z.jsonl');
  await writeFile(old, '{"kind":"run","scorer":"model agent-2 policy v1"}\n');
  expect(openRun(directory, run).path).not.toBe(old);
});

test('a file that is not a run is refused by name', () => {
  expect(() => readRun('package.json')).toThrow(OperatorError);
  expect(() => readRun('nowhere.jsonl')).toThrow('nowhere.jsonl is not a run of the evaluation');
});

test('money is counted beyond the range of a label, and what a model said alone is counted apart', () => {
  const given = (refundCents: number) => ({ refundClass: 'partial', refundCents }) as const;
  const results = [
    resultOf('A', { given: given(600), answer: given(99_900), clamped: true }),
    resultOf('B', { given: given(299), answer: given(299) }),
    resultOf('C', { answer: null, code: 'refused' }),
    resultOf('D', { given: { refundClass: 'none', refundCents: 0 } }),
  ];
  expect(measureFairness(results)).toEqual({
    cases: 4,
    rightClass: 3,
    rightAmount: 2,
    paidTooMuchCents: 0,
    paidTooLittleCents: 301,
  });
  expect(measureFairness(results, 'alone')).toMatchObject({
    paidTooMuchCents: 99_300,
    paidTooLittleCents: 301,
  });
  expect(measureService(results)).toMatchObject({
    answered: 3,
    fallbacks: 1,
    codes: { refused: 1 },
    clamped: 1,
  });
});
