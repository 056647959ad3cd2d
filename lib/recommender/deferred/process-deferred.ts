import type { Pool } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { failpoint } from '#lib/failpoint.ts';
import type { Log } from '#lib/log.ts';
import { scoreNow } from '../scoring/score-orders.ts';
import type { Scorer, ScorerAnswer } from '../scoring/scorer.ts';
import { type AgentStop, findStop, stopIfUnusable } from './agent-stop.ts';
import { answerByPolicy, type Fallback, findOutage } from './answer-by-policy.ts';
import { claimOrder } from './claim-order.ts';
import { leavesNoChoice } from './defer-orders.ts';
import { answerUnasked, dropClaim, storeAnswer } from './store-answer.ts';

/** The agent's calls of one batch at most. */
const CALLS_PER_BATCH = 50;
/** Longer than any call may take, with its retries. */
const LEASE_MS = 10 * 60_000;

export type DeferredOptions = {
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  /** Without one there is no agent, and the policy answers the deferred orders. */
  scorer: Scorer | undefined;
  callsPerHour: number;
  /** After an outage of the agent this long, the policy answers the orders that were deferred before it. */
  outageMs: number;
  /** After so many unusable answers in a row the agent is not asked any more. */
  stopAfter: number;
};

/** How many orders the agent was asked about, and how many the policy answered in its place. */
export type DeferredCounts = { called: number; byPolicy: number };

const noAgent: Fallback = { code: 'no_agent', sentence: 'No agent is set up: the policy has answered.' };
const unavailable: Fallback = {
  code: 'agent_unavailable',
  sentence: 'The agent was not available: the policy has answered.',
};

const stopped: Fallback = {
  code: 'agent_stopped',
  sentence: 'The agent has stopped after several unusable answers: the policy has answered.',
};

/** How a stopped agent is resumed, for people. */
export const RESUME_COMMAND = 'npm run recommend -- resume-agent';

/** Processes one batch of the deferred orders. @returns zeros where there is nothing to do now. */
export async function processDeferred(pool: Pool, options: DeferredOptions): Promise<DeferredCounts> {
  const { scorer, clock, signal } = options;
  const stop = scorer && (await findStop(pool, scorer));
  const byPolicy = await fallBackToPolicy(pool, options, stop);
  if (stop && scorer && byPolicy > 0) reportStop(options, scorer, stop);
  if (!scorer || stop) return { called: 0, byPolicy };
  let called = 0;
  let left = CALLS_PER_BATCH;
  const work = async () => {
    while (left > 0 && !signal.aborted && !isPaused(scorer, clock)) {
      left -= 1;
      const outcome = await processNext(pool, scorer, options);
      if (outcome === undefined) return;
      called += 1;
      if (outcome === 'failed' && (await stopAgent(pool, scorer, options))) left = 0;
    }
  };
  await Promise.all(Array.from({ length: scorer.concurrency }, work));
  return { called, byPolicy };
}

/** @returns how it ended; undefined where no order could be claimed. */
async function processNext(
  pool: Pool,
  scorer: Scorer,
  options: DeferredOptions,
): Promise<ScorerAnswer['outcome'] | 'not_asked' | undefined> {
  const { clock, callsPerHour, signal } = options;
  const claim = await claimOrder(pool, { now: clock.now(), callsPerHour, leaseMs: LEASE_MS });
  if (!claim) return undefined;
  const scored = await scoreNow(pool, claim.orderId);
  if (!scored) {
    await dropClaim(pool, claim, clock.now());
    return 'not_asked';
  }
  const { policyAnswer } = scored;
  if (leavesNoChoice(policyAnswer.bounds)) {
    await answerUnasked(pool, { claim, policyAnswer, now: clock.now() });
    return 'not_asked';
  }
  const answer = await scorer.score({ ...scored, rerun: claim.rerun, note: claim.note }, signal);
  failpoint('agent-answered');
  await storeAnswer(pool, { claim, policyAnswer, answer, now: clock.now() });
  return answer.outcome;
}

/** @returns whether the agent has stopped, by this call or another process. */
async function stopAgent(pool: Pool, scorer: Scorer, options: DeferredOptions): Promise<boolean> {
  const stop = await stopIfUnusable(pool, scorer, { limit: options.stopAfter, now: options.clock.now() });
  if (stop) reportStop(options, scorer, stop);
  return stop !== undefined || (await findStop(pool, scorer)) !== undefined;
}

function reportStop(
  { log }: DeferredOptions,
  { server, model }: Scorer,
  { unusable, code }: AgentStop,
): void {
  log.error(
    { server, model, unusable, code },
    `the agent has stopped after ${unusable} unusable answers in a row, and the policy answers; see docs/models.md, then ${RESUME_COMMAND}`,
  );
}

async function fallBackToPolicy(
  pool: Pool,
  { scorer, clock, outageMs }: DeferredOptions,
  stop: AgentStop | undefined,
): Promise<number> {
  const now = clock.now();
  if (!scorer) return answerByPolicy(pool, noAgent, { until: now, now });
  if (stop) return answerByPolicy(pool, stopped, { until: now, now });
  const outage = await findOutage(pool);
  const until = new Date(now.getTime() - outageMs);
  return outage && outage <= until ? answerByPolicy(pool, unavailable, { until, now }) : 0;
}

function isPaused(scorer: Scorer, clock: Clock): boolean {
  const until = scorer.pausedUntil();
  return until !== undefined && until > clock.now();
}
