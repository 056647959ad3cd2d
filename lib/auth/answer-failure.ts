import type { Failure } from './describe-failure.ts';

/** A failure as JSON: `{ error, message, request_id, field?, current? }`. */
export function answerFailure({ status, error, retryAfterSeconds }: Failure): Response {
  const { code, requestId, ...rest } = error;
  const headers = retryAfterSeconds === undefined ? undefined : { 'retry-after': `${retryAfterSeconds}` };
  return Response.json({ error: code, ...rest, request_id: requestId }, { status, headers });
}
