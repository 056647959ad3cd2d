import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { refundClasses } from '#lib/contract/refund.ts';
import { OperatorError } from '#lib/errors.ts';
import type { CaseResult, Measures } from './measure.ts';

const nullable = z.number().nullable();
const amount = z.object({ refundClass: z.enum(refundClasses), refundCents: z.int() });

const headSchema = z.object({
  kind: z.literal('run'),
  scorer: z.string(),
  at: z.string(),
  measures: z.object({
    cases: z.int(),
    answered: z.int(),
    classAccuracy: z.number(),
    meanAbsoluteErrorUsd: z.number(),
    policyAgreement: z.number(),
    timingOnly: nullable,
    withoutContradiction: nullable,
    clampedToPolicy: nullable,
    latencyMsP50: nullable,
    latencyMsP95: nullable,
    promptTokens: z.number(),
    completionTokens: z.number(),
    costUsd: nullable,
  }),
});
const caseSchema = z.object({
  orderId: z.string(),
  label: amount,
  policy: amount,
  answer: amount.extend({ reason: z.string() }).nullable(),
  code: z.string().nullable(),
  contradictions: z.array(z.string()),
  clampedToPolicy: z.boolean(),
  latencyMs: z.number(),
  promptTokens: z.number(),
  completionTokens: z.number(),
});

/** A scorer over the whole golden set: `scorer` names model, prompt and policy, `at` is when it ran. */
export type EvalRun = { scorer: string; at: string; measures: Measures; results: CaseResult[] };

/** Writes a run as JSON lines: what it measured first, then a line per order. */
export function writeRun(path: string, { results, ...head }: EvalRun): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify({ kind: 'run', ...head })}\n`);
  appendFileSync(path, results.map((result) => `${JSON.stringify({ kind: 'case', ...result })}\n`).join(''));
}

/** Reads a run as `writeRun` wrote it. @throws OperatorError that names the file and what does not hold in it. */
export function readRun(path: string): EvalRun {
  try {
    const [head, ...cases] = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    const { kind: _, ...run } = headSchema.parse(head);
    return { ...run, results: cases.map((line) => caseSchema.parse(line)) };
  } catch (error) {
    throw new OperatorError(
      `${path} is no run of the evaluation; name a file that npm run eval has written.`,
      {
        cause: error,
      },
    );
  }
}
