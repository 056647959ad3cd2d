import { createHash } from 'node:crypto';
import type { Database } from '#db/client.ts';
import { systemClock } from '#lib/clock.ts';
import type { Env, ModelEndpoint } from '#lib/env.ts';
import type { Log } from '#lib/log.ts';
import type { Progress } from '#lib/progress.ts';
import { stream } from '#lib/random.ts';
import { openScorer, promptVersionOf } from '#lib/recommender/index.ts';
import { getPolicy, type Policy } from '#lib/recommender/policy/index.ts';
import { withScratch } from '../setup/scratch.ts';
import type { Scored } from './describe-run.ts';
import { type EvalRun, openRun, type RunFile, readRun } from './eval-run.ts';
import {
  evaluateModel,
  evaluateNone,
  evaluatePolicy,
  evaluateRandomTier,
  type LabelledOrder,
  scoreLabelled,
} from './evaluate.ts';
import { loadGolden, readGoldenSet } from './golden-set.ts';
import { loadJudged, orderIdOf, readJudgedSet } from './judged-set.ts';
import type { LabelledCase, Part } from './labels.ts';
import { measureService, type Prices, type Service } from './measure.ts';

export type EvalOptions = {
  policy?: string;
  part?: Part;
  limit?: number;
  /** The seed of the random baseline. */
  seed: number;
  /** Whether the model is asked also where the policy leaves nothing to choose. */
  asksAll: boolean;
  endpoint: ModelEndpoint | undefined;
  prices: Prices | undefined;
};

/** `directory` is where runs are kept. */
export type EvalTools = {
  env: Env;
  log: Log;
  signal: AbortSignal;
  /** Ends the asking early, without an error: the report is about the orders until then. */
  until?: AbortSignal;
  directory: string;
  showProgress(total: number): Progress;
};

/** All scorers on the same orders; `model` is how the conversations went, where a model was asked. */
export type EvalReport = {
  scorers: Scored[];
  model: { name: string; service: Service; continued: number } | null;
  /** The files of the runs. */
  paths: string[];
};

/** Evaluates the baselines and the policy, then the model if there is one, in a scratch database that holds only labelled orders. */
export async function runEval(options: EvalOptions, tools: EvalTools): Promise<EvalReport> {
  let report: EvalReport | undefined;
  const cases = spread(selectPart(readLabelled(), options.part), options.limit);
  await withScratch(tools.env, tools.log, async ({ db, directory }) => {
    await loadLabelled(db, `${directory}/events`, cases, tools.signal);
    report = await evaluateCases(db, cases, options, tools);
  });
  if (!report) throw new Error('the evaluation ended without a report');
  return report;
}

/** Every labelled case, by part and kind. */
export function readLabelled(): LabelledCase[] {
  return [...readGoldenSet().cases, ...readJudgedSet().cases];
}

/** Loads the orders of some cases, and those that they are compared with, into an empty database. */
export async function loadLabelled(
  db: Database,
  volume: string,
  cases: readonly LabelledCase[],
  signal: AbortSignal,
): Promise<void> {
  const wanted = new Set(cases.map(({ orderId }) => orderId));
  const { kitchens, judged } = readJudgedSet();
  const some = judged.filter(({ id }) => wanted.has(orderIdOf(id)));
  if (some.length > 0) await loadJudged(db, volume, { kitchens, judged: some }, signal);
  if (cases.some(({ part }) => part === 'rule')) await loadGolden(db, readGoldenSet().deliveries);
}

/** Evaluates all scorers on cases that the database holds. Each model answer is stored at once, and a run that was stopped is continued. */
export async function evaluateCases(
  db: Database,
  cases: readonly LabelledCase[],
  options: Omit<EvalOptions, 'part' | 'limit'>,
  tools: Pick<EvalTools, 'signal' | 'until' | 'directory' | 'showProgress'>,
): Promise<EvalReport> {
  const policy = await getPolicy(db.pool, options.policy);
  const orders = await scoreLabelled(db.pool, policy, cases);
  const name = `policy ${policy.version}`;
  const open = (scorer: string) =>
    openRun(tools.directory, {
      scorer,
      at: systemClock.now().toISOString(),
      over: digest(cases, policy, options.asksAll),
    });
  const byPolicy = open(name);
  for (const result of evaluatePolicy(orders)) byPolicy.add(result);
  byPolicy.finish();
  const scorers: Scored[] = [
    { name: 'none', results: evaluateNone(orders) },
    { name: `random tier, seed ${options.seed}`, results: evaluateRandomTier(policy, orders, options.seed) },
    { name, results: evaluatePolicy(orders) },
  ];
  const { endpoint } = options;
  if (!endpoint) return { scorers, model: null, paths: [byPolicy.path] };
  const file = open(`${endpoint.model} ${promptVersionOf(endpoint.mode)} policy ${policy.version}`);
  const continued = file.has.size;
  await askModel(db, { endpoint, policy, asksAll: options.asksAll, orders, file }, tools);
  const { scorer, results } = inOrderOf(cases, readRun(file.path));
  const service = measureService(results, options.prices);
  return {
    scorers: [
      ...scorers,
      { name: scorer, results },
      { name: 'the model alone, unclamped', results, view: 'alone' },
    ],
    model: { name: scorer, service, continued },
    paths: [byPolicy.path, file.path],
  };
}

type AskModelParams = {
  endpoint: ModelEndpoint;
  policy: Policy;
  asksAll: boolean;
  orders: readonly LabelledOrder[];
  file: RunFile;
};

async function askModel(
  db: Database,
  { endpoint, policy, asksAll, orders, file }: AskModelParams,
  { signal, until, showProgress }: Pick<EvalTools, 'signal' | 'until' | 'showProgress'>,
): Promise<void> {
  const left = orders.filter(({ labelled }) => !file.has.has(labelled.orderId));
  const scorer = openScorer(db, endpoint, {
    clock: systemClock,
    random: stream(1, 'eval'),
    keepsJournal: false,
  });
  const progress = showProgress(orders.length);
  let done = orders.length - left.length;
  let settled = done;
  try {
    await evaluateModel(
      {
        scorer,
        policy,
        asksAll,
        signal,
        until,
        onResult: (result) => {
          file.add(result);
          if (result.settled) settled += 1;
          done += 1;
          progress.update(done);
        },
      },
      left,
    );
  } finally {
    progress.stop();
  }
  if (settled === orders.length) file.finish();
}

/** Answers come in the order in which they were ready. */
function inOrderOf(cases: readonly LabelledCase[], run: EvalRun): EvalRun {
  const byOrder = new Map(run.results.map((result) => [result.orderId, result]));
  return { ...run, results: cases.flatMap(({ orderId }) => byOrder.get(orderId) ?? []) };
}

function digest(cases: readonly LabelledCase[], policy: Policy, asksAll: boolean): string {
  return createHash('sha256')
    .update(JSON.stringify([cases, policy, asksAll]))
    .digest('hex')
    .slice(0, 16);
}

function selectPart(cases: readonly LabelledCase[], part: Part | undefined): LabelledCase[] {
  return cases.filter((one) => part === undefined || one.part === part);
}

/** `limit` of the values, evenly from all of them. */
export function spread<Value>(values: Value[], limit = values.length): Value[] {
  const share = Math.min(1, limit / values.length);
  return values.filter((_, at) => Math.floor((at + 1) * share) > Math.floor(at * share));
}
