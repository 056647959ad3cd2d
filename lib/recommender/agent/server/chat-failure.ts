import { APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { messageOf } from '#lib/errors.ts';
import { ServerFault } from './guarded-fetch.ts';

/** Why a call to the model's server gave no reply. */
export type ChatFailureCode =
  | 'unreachable'
  | 'timed_out'
  | 'rate_limited'
  | 'server_error'
  | 'unauthorized'
  | 'not_found'
  | 'rejected'
  | 'redirected'
  | 'too_large'
  | 'not_a_completion'
  | 'stopped';

/** `retryAfterMs` is the wait that the server asks for. `retry` says whether the same request may soon succeed. */
export type ChatFailure = {
  code: ChatFailureCode;
  retry: boolean;
  status: number | null;
  retryAfterMs: number | null;
  message: string;
};

/** Classifies an error of the client. The message never quotes the server, whose text comes from outside. */
export function describeFailure(error: unknown, now: Date): ChatFailure {
  const fault = findCause(error, ServerFault);
  if (fault) return failure(fault.code, false, fault.message);
  if (error instanceof APIUserAbortError) return failure('stopped', false, 'the call was stopped');
  if (isTimeout(error)) return failure('timed_out', true, 'the server did not answer in time');
  if (error instanceof APIError && typeof error.status === 'number')
    return ofStatus(error.status, error.headers, now);
  if (error instanceof SyntaxError) return failure('not_a_completion', false, 'the answer is not whole JSON');
  return failure('unreachable', true, 'the server cannot be reached, or broke the connection');
}

function failure(code: ChatFailureCode, retry: boolean, message: string): ChatFailure {
  return { code, retry, status: null, retryAfterMs: null, message };
}

function ofStatus(status: number, headers: Headers | undefined, now: Date): ChatFailure {
  const about = {
    status,
    retryAfterMs: readRetryAfter(headers, now),
    message: `the server answered ${status}`,
  };
  if (status === 429) return { code: 'rate_limited', retry: true, ...about };
  if (status >= 500 || status === 408) return { code: 'server_error', retry: true, ...about };
  if (status >= 401 && status <= 403) return { code: 'unauthorized', retry: false, ...about };
  if (status === 404) return { code: 'not_found', retry: false, ...about };
  return { code: 'rejected', retry: false, ...about };
}

/** `Retry-After` in seconds or as a date, in milliseconds from `now`. */
function readRetryAfter(headers: Headers | undefined, now: Date): number | null {
  const value = headers?.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - now.getTime());
}

function isTimeout(error: unknown): boolean {
  if (error instanceof APIConnectionTimeoutError) return true;
  return /timed? ?out|TimeoutError/i.test(
    `${messageOf(error)} ${findCause(error, Error, 'TimeoutError')?.name ?? ''}`,
  );
}

/** The first of an error and its causes that is of a class, and of a name where one is given. */
function findCause<Kind extends Error>(
  error: unknown,
  kind: new (...args: never[]) => Kind,
  name?: string,
): Kind | undefined {
  for (let at = error; at instanceof Error; at = at.cause)
    if (at instanceof kind && (name === undefined || at.name === name)) return at;
  return undefined;
}
