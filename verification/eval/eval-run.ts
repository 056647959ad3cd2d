import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { refundClasses } from '#lib/contract/refund.ts';
import { OperatorError } from '#lib/errors.ts';

const nullable = z.number().nullable();

/** Shares from 0 to 1 of all cases, or of those with an answer where the name says so; null where there are none. */
const measuresSchema = z.object({
  cases: z.int(),
  answered: z.int(),
  classAccuracy: z.number(),
  /** In dollars; an order without an answer counts as no refund. */
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
});
export type Measures = z.infer<typeof measuresSchema>;

const amountSchema = z.object({ refundClass: z.enum(refundClasses), refundCents: z.int() });
export type Amount = z.infer<typeof amountSchema>;

/** A scorer's answer to a labelled order, beside its label and the policy's answer. */
const caseSchema = z.object({
  orderId: z.string(),
  label: amountSchema,
  policy: amountSchema,
  answer: amountSchema.extend({ reason: z.string() }).nullable(),
  /** Why there is no answer. */
  code: z.string().nullable(),
  /** What in its reason the data contradicts, as sentences. */
  contradictions: z.array(z.string()),
  clampedToPolicy: z.boolean(),
  latencyMs: z.number(),
  promptTokens: z.number(),
  completionTokens: z.number(),
});
export type CaseResult = z.infer<typeof caseSchema>;

const headSchema = z.object({
  kind: z.literal('run'),
  scorer: z.string(),
  at: z.string(),
  measures: measuresSchema,
});

/** A scorer over the whole golden set: `scorer` names model, prompt and policy, `at` is when it ran. */
export type EvalRun = { scorer: string; at: string; measures: Measures; results: CaseResult[] };

/** Writes a run as JSON lines: its measures first, then a line per order. */
export function writeRun(path: string, { results, ...head }: EvalRun): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify({ kind: 'run', ...head })}\n`);
  appendFileSync(path, results.map((result) => `${JSON.stringify({ kind: 'case', ...result })}\n`).join(''));
}

/** Reads a run as `writeRun` wrote it. @throws OperatorError that names the file where it is not a run. */
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
      `${path} is not a run of the evaluation; name a file that npm run eval has written.`,
      { cause: error },
    );
  }
}
