import { APIError } from 'openai';
import { expect, test } from 'vitest';
import { describeFailure, readReportedFailure } from './chat-failure.ts';

const now = new Date('2026-11-20T12:00:00Z');

function classify(status: number, message: string, more: object = {}) {
  return describeFailure(
    APIError.generate(status, { error: { message, ...more } }, message, new Headers()),
    now,
  );
}

test.each([
  ['model does not support tools', 'tools'],
  ['registry.ollama.ai/library/gemma:2b does not support tools', 'tools'],
  ['"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set', 'tools'],
  ['This model only supports single tool-calls at once!', 'parallel_tool_calls'],
  [
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    'length',
  ],
  ["Unsupported value: 'temperature' does not support 0 with this model.", 'temperature'],
  [
    "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
    'response_format',
  ],
  ['System role not supported', 'system'],
  ['Developer instruction is not enabled for models/gemma-3-27b-it', 'system'],
])('"%s" refuses %s alone', (message, about) => {
  expect(classify(400, message)).toMatchObject({ code: 'rejected', refusal: { about } });
});

test('a parameter that the error names as such counts without words', () => {
  expect(classify(400, 'Unsupported', { param: 'temperature' }).refusal).toEqual({ about: 'temperature' });
});

test('tools that a server refuses by a 500 are named, and the 500 stays one', () => {
  const failure = classify(500, 'tools param requires --jinja flag');
  expect(failure).toMatchObject({ code: 'server_error', refusal: { about: 'tools' } });
});

test.each([
  ["This model's maximum context length is 4096 tokens. However, you requested 5130 tokens.", 4096],
  ['the request exceeds the available context size, try increasing it', null],
  ['prompt is too long: 210000 tokens', null],
])('"%s" is about the context', (message, contextTokens) => {
  expect(classify(400, message).refusal).toEqual({ about: 'context', contextTokens });
});

test.each([
  [400, 'Your credit balance is too low to access the API.'],
  [402, 'Payment Required'],
  [403, 'Billing is not active for this project'],
  [429, 'You exceeded your current quota, please check your plan and billing details.'],
  [500, 'insufficient_balance'],
])('%i "%s" is about money', (status, message) => {
  expect(classify(status, message)).toMatchObject({ code: 'no_credit', retry: false });
});

test.each([
  [429, 'Rate limit reached for requests', 'rate_limited'],
  [400, 'temporary failure compiling grammar', 'rejected'],
  [401, 'Incorrect API key provided', 'unauthorized'],
  [503, 'overloaded', 'server_error'],
])('%i "%s" is %s', (status, message, code) => {
  expect(classify(status, message)).toMatchObject({ code });
});

test('an error inside of an answer with status 200 is read as what it says', () => {
  const read = (error: unknown) => readReportedFailure({ choices: null, error }, now)?.code;
  expect(read({ message: 'rate limited', code: 429 })).toBe('rate_limited');
  expect(read({ message: 'insufficient_quota' })).toBe('no_credit');
  expect(read({ message: 'overloaded' })).toBe('server_error');
  expect(read(null)).toBeUndefined();
});
