import type { Database } from '#db/client.ts';
import { AppError, BusyError, ForbiddenError, messageOf, ValidationError } from '#lib/errors.ts';
import { alreadyDecided, caseMoved, decisionSettled } from './conflicts.ts';
import type { KeyedRequest } from './decide-request.ts';
import { findByKey } from './find-by-key.ts';
import { getCase } from './get-case.ts';
import { getRecommendation } from './get-recommendation.ts';

/** Refused before or rolled back: lock and statement timeouts, deadlock, no connection. */
const nothingWritten = /^(55P03|57014|40001|40P01|53300|57P03|ECONNREFUSED)$/;
const noConnection = 'timeout exceeded when trying to connect';
/** Broken on the way, perhaps after the commit. */
const answerLost = /^(08...|57P0[12]|ECONNRESET|EPIPE)$/;

type Asked = Pick<KeyedRequest, 'orderId' | 'decidedBy'> & Partial<KeyedRequest>;

/** Turns what the database says about a decision into what the person has to know; anything else stays itself. */
export async function explainDatabaseError(db: Database, error: unknown, request: Asked): Promise<unknown> {
  if (error instanceof AppError) return error;
  const { code, constraint, message } = readError(error);
  if (code === '23505') return explainViolation(db, error, constraint, request);
  if (code === '23514') return explainRefusal(db, error, constraint, request);
  if (nothingWritten.test(code) || message === noConnection)
    return new BusyError('The database is busy. Nothing was written; try again.', { cause: error });
  if (answerLost.test(code) || message.startsWith('Connection terminated'))
    return new BusyError(
      'The connection to the database broke before it answered. Try again: the same request decides once.',
      { cause: error },
    );
  return error;
}

/** The unique indexes stand behind the lock: whoever meets one has lost to somebody who holds no such lock. */
async function explainViolation(
  db: Database,
  error: unknown,
  constraint: string,
  request: Asked,
): Promise<unknown> {
  if (/^refund_decisions_(one_root|supersedes_id_key)$/.test(constraint)) {
    const winner = (await getRecommendation(db, request.orderId))?.decision;
    return winner ? alreadyDecided(winner) : error;
  }
  const { hash, idempotencyKey } = request;
  if (hash === undefined || idempotencyKey === undefined || !constraint.includes('idempotency_key'))
    return error;
  return findByKey(db.pool, { ...request, hash, idempotencyKey }).then(
    () => error,
    (conflict: unknown) => conflict,
  );
}

/** The database refuses by itself what changed after the code had looked. */
async function explainRefusal(
  db: Database,
  error: unknown,
  constraint: string,
  { orderId }: Asked,
): Promise<unknown> {
  const current = await getCase(db.pool, orderId);
  switch (constraint) {
    case 'case_claimed':
    case 'case_pending':
    case 'case_step':
      return current ? caseMoved(current) : error;
    case 'decision_undo':
      return decisionSettled('Only who decided can undo it, within 30 seconds.', current);
    case 'decision_order':
      return decisionSettled('Another decision stands by now.', current);
    case 'decision_approval':
      return new ForbiddenError('This amount needs the approval of a second person. Nothing was written.');
    case 'decision_reason_code':
      return new ValidationError('reasonCode', 'Choose why you depart from the suggestion.');
    default:
      return error;
  }
}

/** The driver's error, also where the query builder has wrapped it. */
function readError(error: unknown): { code: string; constraint: string; message: string } {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code = '', constraint = '' } = inner as { code?: string; constraint?: string };
  return { code, constraint, message: messageOf(inner) };
}
