import { type Connection, inTransaction, type Pool } from '#db/client.ts';
import { getDeliveries, getUndelivered } from '../facts/order-facts.ts';
import { isSameOrder } from '../facts/recommended-facts.ts';
import type { PolicyAnswer } from '../policy/score-order.ts';
import {
  fromPolicy,
  insertRecommendations,
  lockRecommendations,
  type NewRecommendation,
  recommendationOf,
} from '../recommendations/insert-recommendations.ts';
import type { CallRecord, ScorerAnswer } from '../scoring/scorer.ts';
import type { Claim } from './claim-order.ts';

export type StoreAnswerParams = { claim: Claim; policyAnswer: PolicyAnswer; answer: ScorerAnswer; now: Date };

/**
 * Stores how a call ended, in one transaction: a final answer becomes a recommendation and the order leaves the queue;
 * a failed one becomes the policy's, with the code of the failure in its evidence; after an unavailable server it stays. An order that was answered in the meantime keeps that answer. An answer about facts that have changed since is not stored.
 */
export async function storeAnswer(pool: Pool, params: StoreAnswerParams): Promise<void> {
  await inTransaction(pool, async (connection) => {
    const { claim, answer, now } = params;
    if (answer.outcome === 'unavailable') {
      await finishCall(connection, claim.callId, { outcome: answer.outcome, code: answer.code }, now);
      return postpone(connection, claim, answer.retryAt);
    }
    const code = answer.outcome === 'failed' ? answer.code : null;
    await finishCall(connection, claim.callId, { outcome: answer.outcome, code, call: answer.call }, now);
    await lockRecommendations(connection);
    // The facts changed while the agent was asked: it is asked again, about what they are now.
    if (!(await isUpToDate(connection, params.policyAnswer))) return postpone(connection, claim, now);
    if (!(await removeFromQueue(connection, claim))) return;
    await insertRecommendations(connection, [toRecommendation(params, answer)], now, 'same_facts');
  });
}

/** Whether the facts of the order are still those that the answer is about. */
async function isUpToDate(connection: Connection, { order, evidence }: PolicyAnswer): Promise<boolean> {
  const [now] =
    evidence.outcome === undefined
      ? await getDeliveries(connection, [order.orderId])
      : await getUndelivered(connection, [order.orderId], order.minutes);
  return now !== undefined && isSameOrder(now, order);
}

/** Ends a claim on an order whose facts are no longer kept, so that it cannot be scored. */
export async function dropClaim(pool: Pool, claim: Claim, now: Date): Promise<void> {
  await inTransaction(pool, async (connection) => {
    await finishCall(connection, claim.callId, { outcome: 'failed', code: 'order_not_kept' }, now);
    await removeFromQueue(connection, claim);
  });
}

/** Stores the policy's answer to a claimed order that leaves an agent nothing to choose; no call was made, so none is counted. */
export async function answerUnasked(
  pool: Pool,
  { claim, policyAnswer, now }: Omit<StoreAnswerParams, 'answer'>,
): Promise<void> {
  await inTransaction(pool, async (connection) => {
    const { callId, ...run } = claim;
    await connection.query('delete from recommender.agent_calls where id = $1', [callId]);
    await lockRecommendations(connection);
    if (!(await isUpToDate(connection, policyAnswer))) return postpone(connection, claim, now);
    if (!(await removeFromQueue(connection, claim))) return;
    await insertRecommendations(connection, [{ ...fromPolicy(policyAnswer), ...run }], now, 'same_facts');
  });
}

/** In the transaction that answers the order. @returns false where it is no longer queued. */
async function removeFromQueue(connection: Connection, { orderId, rerun }: Claim): Promise<boolean> {
  const { rowCount } = await connection.query(
    'delete from recommender.deferred_orders where order_id = $1 and rerun = $2',
    [orderId, rerun],
  );
  return rowCount === 1;
}

async function postpone(connection: Connection, { orderId, rerun }: Claim, until: Date): Promise<void> {
  await connection.query(
    'update recommender.deferred_orders set not_before = $3 where order_id = $1 and rerun = $2',
    [orderId, rerun, until],
  );
}

async function finishCall(
  connection: Connection,
  callId: string,
  { outcome, code, call }: { outcome: ScorerAnswer['outcome']; code: string | null; call?: CallRecord },
  now: Date,
): Promise<void> {
  await connection.query(
    `
    update recommender.agent_calls
    set finished_at = $2, outcome = $3, code = $4, model = $5, tokens = $6, latency_ms = $7
    where id = $1`,
    [callId, now, outcome, code, call?.model, call && sumTokens(call), call?.latencyMs],
  );
}

function sumTokens({ promptTokens, completionTokens }: CallRecord): number | null {
  if (promptTokens === null && completionTokens === null) return null;
  return (promptTokens ?? 0) + (completionTokens ?? 0);
}

function toRecommendation(
  { claim, policyAnswer }: StoreAnswerParams,
  answer: Exclude<ScorerAnswer, { outcome: 'unavailable' }>,
): NewRecommendation {
  const { reason, agentResponse, call } = answer;
  const { callId: _, orderId: __, ...run } = claim;
  const isAnswered = answer.outcome === 'answered';
  return recommendationOf(
    policyAnswer.order,
    {
      source: isAnswered ? 'agent' : 'policy',
      refundClass: isAnswered ? answer.refundClass : policyAnswer.refundClass,
      refundCents: isAnswered ? answer.refundCents : policyAnswer.refundCents,
      reason: isAnswered ? reason : `${policyAnswer.reason} ${reason}`,
      agentResponse,
      policyVersion: policyAnswer.policyVersion,
      evidence: {
        ...policyAnswer.evidence,
        ...answer.evidence,
        ...(isAnswered ? {} : { fallback: 'agent_failed' as const, error_code: answer.code }),
      },
    },
    {
      ...run,
      model: call.model,
      promptVersion: call.promptVersion,
      latencyMs: call.latencyMs,
      tokens: sumTokens(call),
      trace: call.trace,
    },
  );
}
