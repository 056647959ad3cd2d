import {
  appendFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { refundClasses } from '#lib/contract/refund.ts';
import { OperatorError } from '#lib/errors.ts';
import { labelSchema, parts } from './labels.ts';

const amountSchema = z.object({ refundClass: z.enum(refundClasses), refundCents: z.int() });
export type Amount = z.infer<typeof amountSchema>;

/** A scorer's answer to a labelled order, beside its label and the policy's answer. */
const resultSchema = z.object({
  part: z.enum(parts),
  kind: z.string(),
  orderId: z.string(),
  label: labelSchema,
  policy: amountSchema,
  /** Whether a model was asked; it is not where the policy leaves nothing to choose. */
  asked: z.boolean(),
  /** What would be recommended: the answer within the bounds of the policy, or the policy's amount if the model gave no answer. */
  given: amountSchema,
  /** What the scorer itself answered; null where it gave no usable answer. */
  answer: amountSchema.nullable(),
  /** Why there is no answer. */
  code: z.string().nullable(),
  /** False where the server gave no reply, so that a continued run asks again. */
  settled: z.boolean(),
  clamped: z.boolean(),
  reason: z.string(),
  /** What a model wrote; null where none was asked. */
  text: z.string().nullable(),
  latencyMs: z.number(),
  promptTokens: z.number(),
  completionTokens: z.number(),
});
export type CaseResult = z.infer<typeof resultSchema>;

const headSchema = z.object({
  scorer: z.string(),
  at: z.string(),
  /** A digest of the cases and rules: only a run over the same ones is continued. */
  over: z.string(),
});

/** A scorer over labelled orders: `scorer` names model, prompt and policy, `at` is when it began. */
export type EvalRun = z.infer<typeof headSchema> & { results: CaseResult[]; finished: boolean };

/** A run's file while it is written. What it `has` need not be asked again. */
export type RunFile = {
  path: string;
  has: ReadonlyMap<string, CaseResult>;
  add(result: CaseResult): void;
  finish(): void;
};

/**
 * Opens the newest unfinished run of this scorer over the same cases in a directory, or begins one. Each result is one
 * line, written as soon as it is there; a line that a killed process left unfinished is cut off.
 */
export function openRun(directory: string, run: Omit<EvalRun, 'results' | 'finished'>): RunFile {
  mkdirSync(directory, { recursive: true });
  const slug = run.scorer.replace(/[^\w.-]+/g, '-');
  const path =
    findUnfinished(directory, slug, run) ?? join(directory, `${slug}-${run.at.replace(/[:.-]/g, '')}.jsonl`);
  if (!existsSync(path)) writeFileSync(path, line({ run }));
  const has = new Map(
    readRun(path).results.flatMap((result) => (result.settled ? [[result.orderId, result]] : [])),
  );
  return {
    path,
    has,
    add: (result) => appendFileSync(path, line({ result })),
    finish: () => appendFileSync(path, line({ end: true })),
  };
}

function findUnfinished(directory: string, slug: string, { scorer, over }: Pick<EvalRun, 'scorer' | 'over'>) {
  const paths = globSync(join(directory, `${slug}-*.jsonl`))
    .sort()
    .reverse();
  return paths.find((path) => {
    cutTornLine(path);
    const run = tryRead(path);
    return run && !run.finished && run.scorer === scorer && run.over === over;
  });
}

/** Undefined for the file of an earlier version, which is left alone. */
function tryRead(path: string): EvalRun | undefined {
  try {
    return readRun(path);
  } catch (error) {
    if (error instanceof OperatorError) return undefined;
    throw error;
  }
}

/** A process that was killed while it wrote may leave a line without its end. */
function cutTornLine(path: string): void {
  const content = readFileSync(path);
  const whole = content.lastIndexOf(0x0a) + 1;
  if (whole > 0 && whole < content.length) truncateSync(path, whole);
}

/** Writes a whole run. */
export function writeRun(path: string, { results, finished, ...head }: EvalRun): void {
  mkdirSync(dirname(path), { recursive: true });
  const lines = results.map((result) => line({ result }));
  writeFileSync(path, [line({ run: head }), ...lines, ...(finished ? [line({ end: true })] : [])].join(''));
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

/**
 * Reads a run, finished or not. Where an order was asked again, its last result counts.
 * @throws OperatorError that names the file where it is not a run.
 */
export function readRun(path: string): EvalRun {
  try {
    const lines = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((text): unknown => JSON.parse(text));
    const { run } = z.object({ run: headSchema }).parse(lines[0]);
    const rest = lines.slice(1).map((value) => lineSchema.parse(value));
    const results = rest.flatMap((read) => ('result' in read ? [read.result] : []));
    const byOrder = new Map(results.map((result) => [result.orderId, result]));
    return { ...run, results: [...byOrder.values()], finished: rest.some((read) => 'end' in read) };
  } catch (error) {
    throw new OperatorError(
      `${path} is not a run of the evaluation; name a file that npm run eval has written.`,
      {
        cause: error,
      },
    );
  }
}

const lineSchema = z.union([z.object({ result: resultSchema }), z.object({ end: z.literal(true) })]);
