import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm/sql';
import { advisoryLockSeeds } from '#db/advisory-locks.ts';
import { auditContext, setAuditContext } from '#db/audit-context.ts';
import { type Connection, type Database, inTransaction, type Pool } from '#db/client.ts';
import { nullable, nullableGroup, selectList, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { AppError, BusyError, ForbiddenError, messageOf, ValidationError } from '#lib/errors.ts';
import { getCase } from '../cases/get-case.ts';
import { getRecommendation } from '../queue/queue-item.ts';
import {
  alreadyDecided,
  caseMoved,
  decisionSettled,
  keyReused,
  recommendationChanged,
} from '../rules/conflicts.ts';
import { type ApprovalRequest, approvalColumns, type Decision, decisionColumns } from '../rules/records.ts';

/** A request that takes effect once, however often it is sent. */
export type KeyedRequest = {
  orderId: string;
  decidedBy: string;
  idempotencyKey: string;
  /** From `hashOf`: the same key with another hash is an error. */
  hash: string;
  /** The id of the HTTP request, for the audit log. */
  requestId?: string;
};

/** What a request has led to: a decision, or above the limit a request for approval. */
export type Result =
  | { decision: Decision; approval?: undefined }
  | { decision?: undefined; approval: ApprovalRequest };

/** `replayed` is true where the result is that of an earlier request with the same key. */
export type Outcome = Result & { replayed: boolean };

/** The fingerprint of what a request asks for. */
export function hashOf(body: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex');
}

/**
 * Runs `work` once per idempotency key, in a transaction that holds the lock of the order: each piece of work on an
 * order sees what the one before it has written.
 * @throws what `work` throws; ConflictError `idempotency_key_reused`; BusyError, whose message says whether
 * anything may have been written.
 */
export async function withOrderLock(
  db: Database,
  request: KeyedRequest,
  work: (connection: Connection) => Promise<Result>,
): Promise<Outcome> {
  try {
    return await inTransaction(db.pool, async (connection) => {
      await lockOrder(connection, request);
      const earlier = await findEarlierResult(connection, request);
      if (earlier) return { ...earlier, replayed: true };
      return { ...(await work(connection)), replayed: false };
    });
  } catch (error) {
    throw await explainDatabaseError(db, error, request.orderId, request);
  }
}

const takeLocks = statement({
  params: { orderId: text, context: auditContext, decidedBy: nullable(text) },
  returns: {},
  sql: ({ orderId, context, decidedBy }) => sql`
    select pg_advisory_xact_lock(hashtextextended(${orderId}, ${advisoryLockSeeds.order})),
      ${setAuditContext(context)},
      case when ${decidedBy}::text is not null then refunds.lock_spender(${decidedBy}) end`,
});

/**
 * Holds the order until the transaction ends and names the request for the audit log. With `decidedBy` and where there
 * is a daily limit, it also holds the decisions of that person.
 */
export async function lockOrder(
  connection: Connection,
  { orderId, requestId, decidedBy }: { orderId: string; requestId?: string; decidedBy?: string },
): Promise<void> {
  await takeLocks(connection, {
    orderId,
    context: { actor: decidedBy, requestId },
    decidedBy: decidedBy ?? null,
  });
}

/** What a person's idempotency key has led to: one row, of nulls where it is new. */
const selectByIdempotencyKey = statement({
  params: { decidedBy: text, idempotencyKey: text },
  returns: {
    decision: nullableGroup(decisionColumns, 'decision_'),
    approval: nullableGroup(approvalColumns, 'approval_'),
    hash: nullable(text),
  },
  sql: ({ decidedBy, idempotencyKey }) => sql`
    select ${selectList(decisionColumns, { from: 'd', prefix: 'decision_' })},
      ${selectList(approvalColumns, { from: 'a', prefix: 'approval_' })},
      coalesce(a.request_hash, d.request_hash) as hash
    from (select) as one_row
    left join refunds.approval_requests as a
      on a.requested_by = ${decidedBy} and a.idempotency_key = ${idempotencyKey}
    left join refunds.refund_decisions as d
      on d.decided_by = ${decidedBy} and d.idempotency_key = ${idempotencyKey}`,
});

/** What a person's idempotency key has led to, whatever the request was; a request for approval comes before its decision. */
export async function findByIdempotencyKey(
  connection: Connection | Pool,
  { decidedBy, idempotencyKey }: Pick<KeyedRequest, 'decidedBy' | 'idempotencyKey'>,
): Promise<{ hash: string | null; result: Result } | undefined> {
  const [found] = await selectByIdempotencyKey(connection, { decidedBy, idempotencyKey });
  if (found?.approval) return { hash: found.hash, result: { approval: found.approval } };
  if (found?.decision) return { hash: found.hash, result: { decision: found.decision } };
  return undefined;
}

/** @throws ConflictError `idempotency_key_reused` where the key belongs to another request. */
async function findEarlierResult(
  connection: Connection | Pool,
  request: KeyedRequest,
): Promise<Result | undefined> {
  const found = await findByIdempotencyKey(connection, request);
  if (!found) return undefined;
  const { hash, result } = found;
  if (hash !== request.hash) throw keyReused(result.approval ?? result.decision);
  return result;
}

/** Refused before or rolled back: lock and statement timeouts, deadlock, no connection. */
const NOTHING_WRITTEN = /^(55P03|57014|40001|40P01|53300|57P03|ECONNREFUSED)$/;
const NO_CONNECTION = 'timeout exceeded when trying to connect';
/** The connection broke while the answer was due, perhaps after the commit. */
const ANSWER_LOST = /^(08...|57P0[12]|ECONNRESET|EPIPE)$/;

/** Turns an error of the database into the one that the person needs to see; anything else is returned as it is. */
export async function explainDatabaseError(
  db: Database,
  error: unknown,
  orderId: string,
  request?: KeyedRequest,
): Promise<unknown> {
  if (error instanceof AppError) return error;
  const { code = '', constraint = '' } = error as { code?: string; constraint?: string };
  const message = messageOf(error);
  if (code === '23505') return explainUniqueViolation(db, error, constraint, orderId, request);
  if (code === '23514') return explainCheckViolation(db, error, constraint, orderId);
  if (NOTHING_WRITTEN.test(code) || message === NO_CONNECTION)
    return new BusyError('The database is busy. Nothing was written; try again.', { cause: error });
  if (ANSWER_LOST.test(code) || message.startsWith('Connection terminated'))
    return new BusyError(
      'The connection to the database broke before it answered. Try again: the same request decides once.',
      { cause: error },
    );
  return error;
}

/** Unique indexes catch writers that do not take the lock of the order, such as SQL by hand. */
async function explainUniqueViolation(
  db: Database,
  error: unknown,
  constraint: string,
  orderId: string,
  request: KeyedRequest | undefined,
): Promise<unknown> {
  if (/^refund_decisions_(one_root|supersedes_id_key)$/.test(constraint)) {
    const winner = (await getRecommendation(db, orderId))?.decision;
    return winner ? alreadyDecided(winner) : error;
  }
  if (!request || !constraint.includes('idempotency_key')) return error;
  return findEarlierResult(db.pool, request).then(
    () => error,
    (conflict: unknown) => conflict,
  );
}

/** The rules of the database (db/sql/refunds) also hold for what has changed since the code has checked it. */
async function explainCheckViolation(
  db: Database,
  error: unknown,
  constraint: string,
  orderId: string,
): Promise<unknown> {
  const current = await getCase(db.pool, orderId);
  switch (constraint) {
    case 'case_claimed':
    case 'case_pending':
    case 'case_step':
      return current ? caseMoved(current) : error;
    case 'decision_recommendation':
      return recommendationChanged(await getRecommendation(db, orderId));
    case 'decision_undo':
      return decisionSettled(
        'Only the person who made or approved a decision can undo it, within 30 seconds.',
        current,
      );
    case 'decision_order':
      return decisionSettled('A newer decision exists.', current);
    case 'decision_approval':
      return new ForbiddenError('This amount needs the approval of a second person. Nothing was written.');
    case 'decision_reason_code':
      return new ValidationError('reasonCode', 'Choose why you depart from the suggestion.');
    default:
      return error;
  }
}
