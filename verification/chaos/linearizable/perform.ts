import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { bigint, integer, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { AppError, BusyError, ConflictError } from '#lib/errors.ts';
import { toDecimal } from '#lib/money.ts';
import { decideRefund, resolveApproval, reverseDecision, undoDecision } from '#lib/refunds/index.ts';
import { getRecommendation } from '#lib/refunds/queue/index.ts';
import type { Answer, Request } from './model.ts';

/** Performs a request as the console does. @returns the answer that the person gets. */
export async function perform(db: Database, orderId: string, request: Request): Promise<Answer> {
  try {
    return await run(db, orderId, request);
  } catch (error) {
    return readRefusal(error);
  }
}

async function run(db: Database, orderId: string, request: Request): Promise<Answer> {
  switch (request.kind) {
    case 'read': {
      const found = await getRecommendation(db, orderId);
      return {
        kind: 'read',
        status: found?.caseStatus ?? 'unknown',
        decision: found?.decision?.id ?? null,
        recommendation: found?.suggestion.recommendationId ?? '',
        factsChanged: found?.factsChanged ?? false,
      };
    }
    case 'supersede':
      await supersede(db.pool, { ...request, orderId });
      return { kind: 'superseded' };
    case 'decide':
      return decide(db, orderId, request);
    case 'undo':
    case 'reverse': {
      const input = {
        orderId,
        decisionId: request.target,
        idempotencyKey: randomUUID(),
        reason: 'It was wrong',
      };
      const revoke = request.kind === 'undo' ? undoDecision : reverseDecision;
      const { decision } = await revoke(db, request.who, input);
      return { kind: 'revoked', id: decision?.id ?? '' };
    }
    case 'approve':
    case 'reject':
    case 'withdraw': {
      const outcome = outcomes[request.kind];
      const input = { orderId, requestId: request.target, outcome, reason: 'Reviewed' };
      const decision = await resolveApproval(db, request.who, input);
      return decision ? { kind: 'decided', id: decision.id } : { kind: 'settled' };
    }
  }
}

const supersede = statement({
  params: { orderId: text, recommendation: bigint, facts: integer },
  returns: {},
  sql: ({ orderId, recommendation, facts }) => sql`
    update recommender.pg_recommendations
    set recommendation_id = ${recommendation}, facts = jsonb_build_object('lines', ${facts}::integer)
    where order_id = ${orderId}`,
});

const outcomes = { approve: 'approved', reject: 'rejected', withdraw: 'withdrawn' } as const;

async function decide(
  db: Database,
  orderId: string,
  { who, cents, recommendation }: Extract<Request, { kind: 'decide' }>,
): Promise<Answer> {
  const { decision, approval } = await decideRefund(db, who, {
    orderId,
    recommendationId: recommendation,
    refundClass: 'partial',
    amountUsd: toDecimal(cents),
    reason: 'It came late',
    reasonCode: 'other',
    idempotencyKey: randomUUID(),
  });
  return decision ? { kind: 'decided', id: decision.id } : { kind: 'requested', id: approval.id };
}

/** A busy error is a refusal only if its message says that nothing was written. */
function readRefusal(error: unknown): Answer {
  if (!(error instanceof AppError)) throw error;
  const { code } = error;
  if (error instanceof BusyError)
    return error.message.includes('Nothing was written')
      ? { kind: 'refused', code, current: null }
      : { kind: 'unknown' };
  const namesCurrent = code === 'already_decided' || code === 'approval_settled';
  const current = namesCurrent && error instanceof ConflictError ? idOf(error.current) : null;
  return { kind: 'refused', code, current };
}

function idOf(current: unknown): string | null {
  return typeof current === 'object' && current && 'id' in current ? String(current.id) : null;
}
