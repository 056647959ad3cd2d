import type { Pool } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { failpoint } from '#lib/failpoint.ts';
import { scoreNow } from '../scoring/score-orders.ts';
import type { Scorer } from '../scoring/scorer.ts';
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
  signal: AbortSignal;
  /** Without one there is no agent, and the policy answers the deferred orders. */
  scorer: Scorer | undefined;
  callsPerHour: number;
  /** After an outage of the agent this long, the policy answers the orders that were deferred before it. */
  outageMs: number;
};

/** How many orders the agent was asked about, and how many the policy answered in its place. */
export type DeferredCounts = { called: number; byPolicy: number };

const noAgent: Fallback = { code: 'no_agent', sentence: 'No agent is set up: the policy has answered.' };
const unavailable: Fallback = {
  code: 'agent_unavailable',
  sentence: 'The agent was not available: the policy has answered.',
};

/** Processes one batch of the deferred orders. @returns zeros where there is nothing to do now. */
export async function processDeferred(pool: Pool, options: DeferredOptions): Promise<DeferredCounts> {
  const { scorer, clock, signal } = options;
  const byPolicy = await fallBackToPolicy(pool, options);
  if (!scorer) return { called: 0, byPolicy };
  let called = 0;
  let left = CALLS_PER_BATCH;
  const work = async () => {
    while (left > 0 && !signal.aborted && !isPaused(scorer, clock)) {
      left -= 1;
      if (!(await processNext(pool, scorer, options))) return;
      called += 1;
    }
  };
  await Promise.all(Array.from({ length: scorer.concurrency }, work));
  return { called, byPolicy };
}

/** @returns false where no order could be claimed. */
async function processNext(pool: Pool, scorer: Scorer, options: DeferredOptions): Promise<boolean> {
  const { clock, callsPerHour, signal } = options;
  const claim = await claimOrder(pool, { now: clock.now(), callsPerHour, leaseMs: LEASE_MS });
  if (!claim) return false;
  const scored = await scoreNow(pool, claim.orderId);
  if (!scored) {
    await dropClaim(pool, claim, clock.now());
    return true;
  }
  const { policyAnswer } = scored;
  if (leavesNoChoice(policyAnswer.bounds)) {
    await answerUnasked(pool, { claim, policyAnswer, now: clock.now() });
    return true;
  }
  const answer = await scorer.score({ ...scored, rerun: claim.rerun, note: claim.note }, signal);
  failpoint('agent-answered');
  await storeAnswer(pool, { claim, policyAnswer, answer, now: clock.now() });
  return true;
}

async function fallBackToPolicy(pool: Pool, { scorer, clock, outageMs }: DeferredOptions): Promise<number> {
  const now = clock.now();
  if (!scorer) return answerByPolicy(pool, noAgent, { until: now, now });
  const outage = await findOutage(pool);
  const until = new Date(now.getTime() - outageMs);
  return outage && outage <= until ? answerByPolicy(pool, unavailable, { until, now }) : 0;
}

function isPaused(scorer: Scorer, clock: Clock): boolean {
  const until = scorer.pausedUntil();
  return until !== undefined && until > clock.now();
}
