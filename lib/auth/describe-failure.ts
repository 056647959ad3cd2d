import { isConnectionLost } from '#db/connection-error.ts';
import {
  AppError,
  BusyError,
  ConflictError,
  messageOf,
  TooManyRequestsError,
  ValidationError,
} from '#lib/errors.ts';
import type { Log } from '#lib/log.ts';
import type { ActionError } from './types.ts';

/** The HTTP status of every code that is written for a person; anything else is ours to repair. */
const statuses: Record<string, number> = {
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  recommendation_changed: 409,
  already_decided: 409,
  approval_settled: 409,
  case_claimed: 409,
  case_moved: 409,
  decision_settled: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  validation: 422,
  idempotency_key_reused: 422,
  too_many_requests: 429,
  busy: 503,
};

const UNAVAILABLE = 'The database does not answer just now. Try again in a moment.';

export type Failure = { status: number; error: ActionError; retryAfterSeconds?: number };

/** Says what went wrong in words for the person, and logs it: what nobody foresaw, without its internals. */
export function describeFailure(thrown: unknown, requestId: string, log: Log): Failure {
  const error = isUnavailable(thrown) ? new BusyError(UNAVAILABLE, { cause: thrown }) : thrown;
  const status = error instanceof AppError ? statuses[error.code] : undefined;
  if (!(error instanceof AppError) || status === undefined) {
    log.error({ requestId, err: error }, `unexpected: ${messageOf(error)}`);
    const message = `Something went wrong on our side. Try again; if it stays, report request ${requestId}.`;
    return { status: 500, error: { code: 'internal', message, requestId } };
  }
  log.warn({ requestId, code: error.code }, error.message);
  const described: ActionError = { code: error.code, message: error.message, requestId };
  if (error instanceof ValidationError) described.field = error.field;
  if (error instanceof ConflictError) described.current = error.current;
  return { status, error: described, ...retryAfter(error) };
}

/** Whether the database went away, or all connections to it stayed in use until the wait for one ended. */
function isUnavailable(error: unknown): boolean {
  if (error instanceof AppError || !(error instanceof Error)) return false;
  const waited = messageOf(error) === 'timeout exceeded when trying to connect';
  return waited || isConnectionLost(error) || isUnavailable(error.cause);
}

function retryAfter(error: AppError): { retryAfterSeconds?: number } {
  if (error instanceof TooManyRequestsError) return { retryAfterSeconds: error.retryAfterSeconds };
  return error.code === 'busy' ? { retryAfterSeconds: 1 } : {};
}
