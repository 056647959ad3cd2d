import type { Pool } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { failpoint } from '#lib/failpoint.ts';
import { getPolicyAnswer } from '../get-policy-answer.ts';
import type { Scorer } from '../scorer.ts';
import { answerByPolicy, type Fallback } from './answer-by-policy.ts';
import { claimOrder } from './claim-order.ts';
import { findOutage } from './find-outage.ts';
import { dropClaim, storeAnswer } from './store-answer.ts';

/** The agent's calls of one batch at most. */
const CALLS_PER_BATCH = 50;
/** Longer than any call may take, with its retries. */
const LEASE_MS = 10 * 60_000;

export type ServeOptions = {
  clock: Clock;
  signal: AbortSignal;
  /** Absent: there is no agent, and the policy answers what waits. */
  scorer: Scorer | undefined;
  callsPerHour: number;
  /** An outage of the agent that lasts longer lets the policy answer what has waited as long. */
  outageMs: number;
};

/** How many orders the agent was asked about, and how many the policy answered in its place. */
export type ServeCounts = { called: number; byPolicy: number };

const noAgent: Fallback = { code: 'no_agent', says: 'No agent is set up: the policy has answered.' };
const unavailable: Fallback = {
  code: 'agent_unavailable',
  says: 'The agent was not available: the policy has answered.',
};

/** Serves one batch of the orders that wait. @returns zeros where nothing could be done now. */
export async function serveWaiting(pool: Pool, options: ServeOptions): Promise<ServeCounts> {
  const { scorer, clock, signal } = options;
  const byPolicy = await letPolicyAnswer(pool, options);
  if (!scorer) return { called: 0, byPolicy };
  let called = 0;
  let left = CALLS_PER_BATCH;
  const work = async () => {
    while (left > 0 && !signal.aborted && !isPaused(scorer, clock)) {
      left -= 1;
      if (!(await serveNext(pool, scorer, options))) return;
      called += 1;
    }
  };
  await Promise.all(Array.from({ length: scorer.concurrency }, work));
  return { called, byPolicy };
}

/** @returns false where there was none to serve. */
async function serveNext(pool: Pool, scorer: Scorer, options: ServeOptions): Promise<boolean> {
  const { clock, callsPerHour, signal } = options;
  const claim = await claimOrder(pool, { now: clock.now(), callsPerHour, leaseMs: LEASE_MS });
  if (!claim) return false;
  const asked = await getPolicyAnswer(pool, claim.orderId);
  if (!asked) {
    await dropClaim(pool, claim, clock.now());
    return true;
  }
  const answer = await scorer.score({ ...asked, rerun: claim.rerun, note: claim.note }, signal);
  failpoint('agent-answered');
  await storeAnswer(pool, { claim, policyAnswer: asked.policyAnswer, answer, now: clock.now() });
  return true;
}

async function letPolicyAnswer(pool: Pool, { scorer, clock, outageMs }: ServeOptions): Promise<number> {
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
