import { APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { z } from 'zod';
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
  | 'no_credit'
  | 'rejected'
  | 'redirected'
  | 'too_large'
  | 'not_a_completion'
  | 'stopped';

/** What of a request a server refuses. */
export type Refusal =
  | { about: 'tools' | 'parallel_tool_calls' | 'response_format' | 'system' | 'temperature' | 'length' }
  | { about: 'context'; contextTokens: number | null };

/**
 * `retryAfterMs` is the wait that the server asks for. `retry` says whether the same request may soon succeed; `refusal` what
 * of it the server names as the fault.
 */
export type ChatFailure = {
  refusal?: Refusal | undefined;
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
    return ofAnswer(error.status, describeError(error), error.headers, now);
  if (error instanceof SyntaxError) return failure('not_a_completion', false, 'the answer is not whole JSON');
  return failure('unreachable', true, 'the server cannot be reached, or broke the connection');
}

function failure(code: ChatFailureCode, retry: boolean, message: string): ChatFailure {
  return { code, retry, status: null, retryAfterMs: null, message };
}

/** A failure that a server reports inside of an answer with status 200; undefined where it reports none. */
export function readReportedFailure(body: unknown, now: Date): ChatFailure | undefined {
  const parsed = z.object({ error: z.unknown() }).safeParse(body);
  if (!parsed.success || !parsed.data.error) return undefined;
  const code = z.object({ code: z.coerce.number().int().min(400).max(599) }).safeParse(parsed.data.error);
  return ofAnswer(code.success ? code.data.code : 500, JSON.stringify(parsed.data.error), undefined, now);
}

/** What an error says of itself, with the parameter and the code that it names. */
function describeError({ message, param, code, type }: APIError): string {
  return [message, param, code, type].filter(Boolean).join(' ');
}

const CREDIT =
  /insufficient[_ ](?:quota|balance|credit|funds)|(?:credit|account) balance|out of credits?|no credits?\b|not enough credits?|exceeded your current quota|billing|payment required|spend(?:ing)? limit|arrears/i;

function ofAnswer(status: number, text: string, headers: Headers | undefined, now: Date): ChatFailure {
  const message = `the server answered ${status}`;
  const about = { status, retryAfterMs: readRetryAfter(headers, now), message };
  if (status === 402 || CREDIT.test(text))
    return { code: 'no_credit', retry: false, ...about, message: `${message}: no credit is left` };
  if (status === 429) return { code: 'rate_limited', retry: true, ...about };
  const refusal = findRefusal(text);
  if (status >= 500 || status === 408) return { code: 'server_error', retry: true, ...about, refusal };
  if (status >= 401 && status <= 403) return { code: 'unauthorized', retry: false, ...about };
  if (status === 404) return { code: 'not_found', retry: false, ...about };
  return { code: 'rejected', retry: false, ...about, refusal };
}

/** Words by which servers name what they refuse, the more special first. */
const refusals: [words: RegExp, about: Exclude<Refusal['about'], 'context'>][] = [
  [/parallel[_ ]tool|single tool[- ]calls?|multiple tool calls|one tool call/i, 'parallel_tool_calls'],
  [/max_(?:completion_|output_)?tokens|max_new_tokens/i, 'length'],
  [/temperature/i, 'temperature'],
  [/response_format|json_schema|json_object|guided|structured output/i, 'response_format'],
  [/\btools?\b|tool[_-](?:choice|call)|function[_ ]?call|--jinja/i, 'tools'],
  [/system (?:role|message|prompt|instruction)|role.{0,20}system|developer instruction/i, 'system'],
];
const CONTEXT =
  /context[_ ](?:length|window|size)|maximum context|too many tokens|prompt is too long|exceeds? the (?:available )?context|input is too long/i;

function findRefusal(text: string): Refusal | undefined {
  if (CONTEXT.test(text)) {
    const named = /(?:maximum|limit|window|size|length)\D{0,40}?(\d{3,7})/i.exec(text)?.[1];
    return { about: 'context', contextTokens: named === undefined ? null : Number(named) };
  }
  const about = refusals.find(([words]) => words.test(text))?.[1];
  return about && { about };
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
