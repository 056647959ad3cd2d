import { randomUUID } from 'node:crypto';
import type { Database } from '#db/client.ts';
import { AppError, BusyError, ConflictError } from '#lib/errors.ts';
import { toDecimal } from '#lib/money.ts';
import { decideRefund, resolveApproval, reverseDecision, undoDecision } from '#lib/refunds/index.ts';
import { getRecommendation } from '#lib/refunds/queue/index.ts';
import type { Answer, Ask } from './operation.ts';

/** Does what is asked as the console does it. @returns what the person is told. */
export async function perform(db: Database, orderId: string, ask: Ask): Promise<Answer> {
  try {
    return await carryOut(db, orderId, ask);
  } catch (error) {
    return readRefusal(error);
  }
}

async function carryOut(db: Database, orderId: string, ask: Ask): Promise<Answer> {
  switch (ask.kind) {
    case 'read': {
      const found = await getRecommendation(db, orderId);
      return { kind: 'read', status: found?.caseStatus ?? 'unknown', decision: found?.decision?.id ?? null };
    }
    case 'decide':
      return decide(db, orderId, ask);
    case 'undo':
    case 'reverse': {
      const input = { orderId, decisionId: ask.target, idempotencyKey: randomUUID(), reason: 'Not so' };
      const take = ask.kind === 'undo' ? undoDecision : reverseDecision;
      const { decision } = await take(db, ask.who, input);
      return { kind: 'taken_back', id: decision?.id ?? '' };
    }
    case 'approve':
    case 'reject':
    case 'withdraw': {
      const outcome = outcomes[ask.kind];
      const input = { orderId, requestId: ask.target, outcome, reason: 'Looked at' };
      const decision = await resolveApproval(db, ask.who, input);
      return decision ? { kind: 'decided', id: decision.id } : { kind: 'settled' };
    }
  }
}

const outcomes = { approve: 'approved', reject: 'rejected', withdraw: 'withdrawn' } as const;

async function decide(
  db: Database,
  orderId: string,
  { who, cents }: Extract<Ask, { kind: 'decide' }>,
): Promise<Answer> {
  const { decision, approval } = await decideRefund(db, who, {
    orderId,
    recommendationId: undefined,
    refundClass: 'partial',
    amountUsd: toDecimal(cents),
    reason: 'It came late',
    reasonCode: 'other',
    idempotencyKey: randomUUID(),
  });
  return decision ? { kind: 'decided', id: decision.id } : { kind: 'requested', id: approval.id };
}

/** Only where the console itself says that nothing was written is that believed. */
function readRefusal(error: unknown): Answer {
  if (!(error instanceof AppError)) throw error;
  const { code } = error;
  if (error instanceof BusyError)
    return error.message.includes('Nothing was written')
      ? { kind: 'refused', code, current: null }
      : { kind: 'unknown' };
  const named = code === 'already_decided' || code === 'approval_settled';
  const current = named && error instanceof ConflictError ? idOf(error.current) : null;
  return { kind: 'refused', code, current };
}

function idOf(current: unknown): string | null {
  return typeof current === 'object' && current && 'id' in current ? String(current.id) : null;
}
