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

/** The HTTP status of every error whose message is written for people. All other errors are internal. */
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

const UNAVAILABLE = 'The database is not available. Try again in a moment.';

export type Failure = { status: number; error: ActionError; retryAfterSeconds?: number };

/** Describes an error for the person who gets it, and logs it. Internal details go only to the log. */
export function describeFailure(thrown: unknown, requestId: string, log: Log): Failure {
  const error = isUnavailable(thrown) ? new BusyError(UNAVAILABLE, { cause: thrown }) : thrown;
  const status = error instanceof AppError ? statuses[error.code] : undefined;
  if (!(error instanceof AppError) || status === undefined) {
    log.error({ requestId, err: error }, `unexpected: ${messageOf(error)}`);
    const message = `Something went wrong on our side. Try again; if it happens again, report request ${requestId}.`;
    return { status: 500, error: { code: 'internal', message, requestId } };
  }
  // A client's mistake is answered to the client; it is no problem of the operator, whose screen shows warnings.
  log[status >= 500 ? 'warn' : 'info']({ requestId, code: error.code }, error.message);
  const described: ActionError = { code: error.code, message: error.message, requestId };
  if (error instanceof ValidationError) described.field = error.field;
  if (error instanceof ConflictError) described.current = error.current;
  return { status, error: described, ...retryAfter(error) };
}

/** Whether the connection to the database was lost, or none became free in time. */
function isUnavailable(error: unknown): boolean {
  if (error instanceof AppError || !(error instanceof Error)) return false;
  const isPoolTimeout = messageOf(error) === 'timeout exceeded when trying to connect';
  return isPoolTimeout || isConnectionLost(error) || isUnavailable(error.cause);
}

function retryAfter(error: AppError): { retryAfterSeconds?: number } {
  if (error instanceof TooManyRequestsError) return { retryAfterSeconds: error.retryAfterSeconds };
  return error.code === 'busy' ? { retryAfterSeconds: 1 } : {};
}

/** A failure as JSON: `{ error, message, request_id, field?, current? }`. */
export function failureResponse({ status, error, retryAfterSeconds }: Failure): Response {
  const { code, requestId, ...rest } = error;
  const headers = retryAfterSeconds === undefined ? undefined : { 'retry-after': `${retryAfterSeconds}` };
  return Response.json({ error: code, ...rest, request_id: requestId }, { status, headers });
}
