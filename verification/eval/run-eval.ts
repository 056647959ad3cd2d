import { systemClock } from '#lib/clock.ts';
import type { Env, ModelEndpoint } from '#lib/env.ts';
import type { Log } from '#lib/log.ts';
import type { Progress } from '#lib/progress.ts';
import { stream } from '#lib/random.ts';
import { openScorer, promptVersion } from '#lib/recommender/index.ts';
import { getPolicy } from '#lib/recommender/policy/index.ts';
import { withScratch } from '../setup/scratch.ts';
import type { CaseResult, EvalRun } from './eval-run.ts';
import { evaluateModel, evaluatePolicy, scoreLabelled } from './evaluate.ts';
import { loadGolden, readGoldenSet } from './golden-set.ts';
import { measure, type Prices } from './measure.ts';

export type EvalOptions = {
  policy?: string;
  limit?: number;
  endpoint: ModelEndpoint | undefined;
  prices: Prices | undefined;
};

export type EvalTools = { env: Env; log: Log; signal: AbortSignal; showProgress(total: number): Progress };

/** Evaluates the policy, then the model if there is one, in a scratch database that holds only the golden set. */
export async function runEval(
  options: EvalOptions,
  tools: EvalTools,
  report: (run: EvalRun) => void,
): Promise<void> {
  const golden = readGoldenSet();
  await withScratch(tools.env, tools.log, async ({ db }) => {
    await loadGolden(db, golden.deliveries);
    const policy = await getPolicy(db.pool, options.policy);
    const labelled = await scoreLabelled(db.pool, policy, spread(golden.labels, options.limit));
    const toRun = (scorer: string, results: CaseResult[]): EvalRun => {
      const at = systemClock.now().toISOString();
      return { scorer, at, measures: measure(results, options.prices), results };
    };
    report(toRun(`policy ${policy.version}`, evaluatePolicy(policy, labelled)));
    const { endpoint } = options;
    if (!endpoint) return;
    const progress = tools.showProgress(labelled.length);
    const results = await evaluateModel(
      {
        scorer: openScorer(db, endpoint, {
          clock: systemClock,
          random: stream(1, 'eval'),
          keepsJournal: false,
        }),
        policy,
        signal: tools.signal,
        onProgress: (done) => progress.update(done),
      },
      labelled,
    );
    progress.stop();
    report(toRun(`${endpoint.model} ${promptVersion} policy ${policy.version}`, results));
  });
}

/** `limit` of the labels, evenly from the whole set, which is sorted by kind. */
function spread<Label>(labels: Label[], limit = labels.length): Label[] {
  const share = Math.min(1, limit / labels.length);
  return labels.filter((_, at) => Math.floor((at + 1) * share) > Math.floor(at * share));
}
