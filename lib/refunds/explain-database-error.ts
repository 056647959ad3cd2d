import type { Database } from '#db/client.ts';
import { AppError, BusyError, messageOf } from '#lib/errors.ts';
import { alreadyDecided } from './conflicts.ts';
import type { DecideRequest } from './decide-request.ts';
import { findByKey } from './find-by-key.ts';
import { getRecommendation } from './get-recommendation.ts';

/** Refused before or rolled back: lock and statement timeouts, deadlock, no connection. */
const nothingWritten = /^(55P03|57014|40001|40P01|53300|57P03|ECONNREFUSED)$/;
const noConnection = 'timeout exceeded when trying to connect';
/** Broken on the way, perhaps after the commit. */
const answerLost = /^(08...|57P0[12]|ECONNRESET|EPIPE)$/;

/** Turns what the database says about a decision into what the person has to know; anything else stays itself. */
export async function explainDatabaseError(
  db: Database,
  error: unknown,
  request: DecideRequest,
): Promise<unknown> {
  if (error instanceof AppError) return error;
  const { code, constraint, message } = readError(error);
  if (code === '23505') return explainViolation(db, error, constraint, request);
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
  request: DecideRequest,
): Promise<unknown> {
  if (constraint === 'refund_decisions_one_root') {
    const winner = (await getRecommendation(db, request.orderId))?.decision;
    return winner ? alreadyDecided(winner) : error;
  }
  if (constraint === 'refund_decisions_decided_by_idempotency_key_key')
    return findByKey(db.pool, request).then(
      () => error,
      (conflict: unknown) => conflict,
    );
  return error;
}

/** The driver's error, also where the query builder has wrapped it. */
function readError(error: unknown): { code: string; constraint: string; message: string } {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code = '', constraint = '' } = inner as { code?: string; constraint?: string };
  return { code, constraint, message: messageOf(inner) };
}
