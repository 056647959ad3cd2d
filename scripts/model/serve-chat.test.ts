import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenAI from 'openai';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ChatModel, type Completion, CompletionRefusal, type CompletionRequest } from './chat-model.ts';
import { serveChat } from './serve-chat.ts';

type Complete = (request: CompletionRequest, signal: AbortSignal) => Promise<Completion>;

const asked: CompletionRequest[] = [];
const lines: string[] = [];
const yes: Completion = { text: '{"a":1}', finishReason: 'stop', promptTokens: 12, completionTokens: 3 };
let complete: Complete;
let server: ReturnType<typeof serveChat>;
let url: string;

beforeEach(async () => {
  asked.length = 0;
  lines.length = 0;
  complete = async () => yes;
  const model: ChatModel = {
    name: 'small',
    contextTokens: 512,
    complete: (given, signal) => {
      asked.push(given);
      return complete(given, signal);
    },
    close: async () => undefined,
  };
  server = serveChat(model, (line) => lines.push(line));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function client(): OpenAI {
  return new OpenAI({ baseURL: url, apiKey: 'none', maxRetries: 0 });
}

/** Sends a body as it is. @returns the status and the error of the answer. */
async function post(body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) {
  const response = await fetch(`${url}/chat/completions`, { method: 'POST', body, headers });
  const { error } = (await response.json()) as {
    error: { param: string | null; message: string; code: string };
  };
  return { status: response.status, ...error };
}

const messages = [{ role: 'user', content: 'Decide.' }] as const;

test('the client of OpenAI gets a completion, and the model everything that was asked', async () => {
  const schema = { type: 'object', properties: { a: { type: 'integer' } } };
  const reply = await client().chat.completions.create({
    model: 'any',
    messages: [{ role: 'developer', content: [{ type: 'text', text: 'Be brief.' }] }, ...messages],
    temperature: 0,
    max_completion_tokens: 40,
    seed: 7,
    stop: 'END',
    response_format: { type: 'json_schema', json_schema: { name: 'a', schema, strict: true } },
  });
  expect(reply).toMatchObject({
    model: 'small',
    choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: '{"a":1}' } }],
    usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
  });
  expect(asked).toEqual([
    {
      messages: [
        { role: 'system', text: 'Be brief.' },
        { role: 'user', text: 'Decide.' },
      ],
      form: { type: 'schema', schema },
      maxTokens: 40,
      temperature: 0,
      seed: 7,
      stop: ['END'],
    },
  ]);
  expect(lines).toEqual([expect.stringMatching(/^12 \+ 3 tokens in \d+\.\d s \(stop\)$/)]);
});

test('json_object, max_tokens and no form at all are understood; models are listed', async () => {
  const ask = (more: object) =>
    client().chat.completions.create({ model: 'any', messages: [...messages], ...more });
  await ask({ response_format: { type: 'json_object' }, max_tokens: 5 });
  await ask({});
  expect(asked.map(({ form, maxTokens }) => [form.type, maxTokens])).toEqual([
    ['json', 5],
    ['text', undefined],
  ]);
  expect((await client().models.list()).data.map(({ id }) => id)).toEqual(['small']);
});

test.each([
  ['tools', { tools: [{ type: 'function' }] }],
  ['stream', { stream: true }],
  ['n', { n: 2 }],
  ['messages', { messages: [] }],
  ['messages', { messages: [{ role: 'tool', content: 'x' }] }],
  ['max_tokens', { max_tokens: 0 }],
  ['temperature', { temperature: 9 }],
  ['response_format', { response_format: { type: 'xml' } }],
])('a wrong %s is refused by its name', async (param, more) => {
  expect(await post(JSON.stringify({ messages, ...more }))).toMatchObject({ status: 400, param });
  expect(asked).toEqual([]);
});

test('what a model refuses is an error of the request, with its code', async () => {
  complete = async () => {
    throw new CompletionRefusal(
      'context_length_exceeded',
      'messages',
      'The maximum context length is 512 tokens.',
    );
  };
  expect(await post(JSON.stringify({ messages }))).toMatchObject({
    status: 400,
    code: 'context_length_exceeded',
    param: 'messages',
  });
});

test('a model that breaks is a 500 without its words, and the server goes on', async () => {
  complete = async () => {
    throw new Error('secret path');
  };
  const failure = await post(JSON.stringify({ messages }));
  expect(failure).toMatchObject({ status: 500, code: 'server_error' });
  expect(failure.message).not.toContain('secret');
  complete = async () => yes;
  await expect(
    client().chat.completions.create({ model: 'any', messages: [...messages] }),
  ).resolves.toBeDefined();
});

test('what is no JSON, too large, of another type or address is refused', async () => {
  expect(await post('{"messages":')).toMatchObject({ status: 400, message: 'The body is not JSON.' });
  expect(await post('{}', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
  expect(
    await post(JSON.stringify({ messages: [{ role: 'user', content: 'x'.repeat(1_000_001) }] })),
  ).toMatchObject({
    status: 413,
  });
  expect((await fetch(`${url}/embeddings`)).status).toBe(404);
  expect((await fetch(`${url}/chat/completions`)).status).toBe(405);
});

test('a client that goes away stops the model', async () => {
  const stopped = new Promise<string>((resolve) => {
    complete = (_, signal) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          resolve('aborted');
          reject(signal.reason);
        }),
      );
  });
  const sent = request(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  sent.on('error', () => undefined);
  sent.end(JSON.stringify({ messages }));
  await expect.poll(() => asked.length).toBe(1);
  sent.destroy();
  expect(await stopped).toBe('aborted');
  await expect.poll(() => lines).toEqual(['given up: the client has gone']);
});
