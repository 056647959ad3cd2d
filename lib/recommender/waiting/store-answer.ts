import { type Connection, inTransaction, type Pool } from '#db/client.ts';
import {
  insertRecommendations,
  lockRecommendations,
  type NewRecommendation,
} from '../insert-recommendations.ts';
import type { PolicyAnswer } from '../policy/score-order.ts';
import type { CallRecord, ScorerAnswer } from '../scorer.ts';
import type { Claim } from './claim-order.ts';

type Given = { claim: Claim; policyAnswer: PolicyAnswer; answer: ScorerAnswer; now: Date };

/**
 * Stores how a call ended, in one transaction: a terminal answer becomes a recommendation and the order waits no
 * more; an unavailable server leaves it waiting. An order that was answered meanwhile keeps that answer.
 */
export async function storeAnswer(pool: Pool, given: Given): Promise<void> {
  await inTransaction(pool, async (connection) => {
    const { claim, answer, now } = given;
    await finishCall(connection, claim.callId, answer, now);
    if (answer.outcome === 'unavailable') return putBack(connection, claim, answer.retryAt);
    await lockRecommendations(connection);
    if (!(await leaveQueue(connection, claim))) return;
    await insertRecommendations(connection, [toRecommendation(given, answer)], now);
  });
}

/** Ends a claim on an order whose facts are no longer kept: there is nothing left to score. */
export async function dropClaim(pool: Pool, claim: Claim, now: Date): Promise<void> {
  await inTransaction(pool, async (connection) => {
    await finishCall(connection, claim.callId, { outcome: 'failed', code: 'order_not_kept' }, now);
    await leaveQueue(connection, claim);
  });
}

/** Takes an order out of the queue, in the transaction that answers it. @returns false where it waits no more. */
async function leaveQueue(
  connection: Connection,
  { orderId, rerun }: Pick<Claim, 'orderId' | 'rerun'>,
): Promise<boolean> {
  const { rowCount } = await connection.query(
    'delete from recommender.waiting_orders where order_id = $1 and rerun = $2',
    [orderId, rerun],
  );
  return rowCount === 1;
}

async function putBack(connection: Connection, claim: Claim, retryAt: Date): Promise<void> {
  await connection.query(
    'update recommender.waiting_orders set not_before = $3 where order_id = $1 and rerun = $2',
    [claim.orderId, claim.rerun, retryAt],
  );
}

async function finishCall(
  connection: Connection,
  callId: string,
  call: { outcome: ScorerAnswer['outcome']; code?: string } & Partial<CallRecord>,
  now: Date,
): Promise<void> {
  await connection.query(
    `
    update recommender.agent_calls
    set finished_at = $2, outcome = $3, code = $4, model = $5, tokens = $6, latency_ms = $7
    where id = $1`,
    [callId, now, call.outcome, call.code, call.model, call.tokens, call.latencyMs],
  );
}

function toRecommendation(
  { claim, policyAnswer }: Given,
  answer: Exclude<ScorerAnswer, { outcome: 'unavailable' }>,
): NewRecommendation {
  const isAnswered = answer.outcome === 'answered';
  return {
    order: policyAnswer.order,
    source: isAnswered ? 'agent' : 'error',
    refundClass: isAnswered ? answer.refundClass : null,
    refundCents: isAnswered ? answer.refundCents : null,
    reason: answer.reason,
    agentResponse: answer.agentResponse,
    policyVersion: policyAnswer.policyVersion,
    evidence: {
      ...policyAnswer.evidence,
      ...answer.evidence,
      ...(isAnswered ? {} : { error_code: answer.code }),
    },
    model: answer.model,
    promptVersion: answer.promptVersion,
    latencyMs: answer.latencyMs,
    tokens: answer.tokens,
    rerun: claim.rerun,
    note: claim.note,
    requestedBy: claim.requestedBy,
    trace: answer.trace,
  };
}
