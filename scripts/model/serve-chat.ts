import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { messageOf } from '#lib/errors.ts';
import { type ChatModel, type Completion, CompletionRefusal, type CompletionRequest } from './chat-model.ts';

const MAX_BYTES = 1_000_000;
/** So many requests may wait for the model; more are refused. */
const MAX_WAITING = 32;

const content = z.union([
  z.string(),
  z
    .array(z.object({ type: z.literal('text'), text: z.string() }))
    .transform((parts) => parts.map(({ text }) => text).join('')),
]);
const requestSchema = z.object({
  messages: z.array(z.object({ role: z.enum(['system', 'developer', 'user', 'assistant']), content })).min(1),
  temperature: z.number().min(0).max(2).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  seed: z.int().nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  response_format: z
    .union([
      z.object({ type: z.enum(['text', 'json_object']) }),
      z.object({
        type: z.literal('json_schema'),
        json_schema: z.object({ schema: z.record(z.string(), z.unknown()) }),
      }),
    ])
    .nullish(),
  n: z.literal(1, 'only one choice is written').nullish(),
  stream: z.literal(false, 'this server does not stream').nullish(),
  tools: z.array(z.unknown()).max(0, 'this server has no tool calls').nullish(),
});

/** A line of the log about each request: what it cost and how it ended. */
export type OnRequest = (line: string) => void;

/** An OpenAI-compatible HTTP server of one model; it does not listen yet. */
export function serveChat(model: ChatModel, onRequest: OnRequest): Server {
  let waiting = 0;
  return createServer((request, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort(new Error('the client has gone')));
    const isBusy = waiting >= MAX_WAITING;
    waiting += 1;
    answer(model, request, response, isBusy, gone.signal)
      .then((line) => line && onRequest(line))
      .catch((error: unknown) => {
        onRequest(`failed: ${messageOf(error)}`);
        if (!response.headersSent)
          sendError(response, 500, 'server_error', null, 'The model failed to answer.');
      })
      .finally(() => {
        waiting -= 1;
      });
  });
}

async function answer(
  model: ChatModel,
  request: IncomingMessage,
  response: ServerResponse,
  isBusy: boolean,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/health') return send(response, 200, { status: 'ok' });
  if (pathname === '/v1/models')
    return send(response, 200, { object: 'list', data: [{ id: model.name, object: 'model' }] });
  if (pathname !== '/v1/chat/completions')
    return sendError(response, 404, 'not_found', null, `There is no ${pathname}; use /v1/chat/completions.`);
  if (request.method !== 'POST') return sendError(response, 405, 'method_not_allowed', null, 'Use POST.');
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
    return sendError(response, 415, 'unsupported_media_type', null, 'Send JSON with its content type.');
  const body = await readBody(request);
  if (body === undefined)
    return sendError(response, 413, 'too_large', null, `A request may have ${MAX_BYTES} bytes.`);
  if (isBusy) return sendError(response, 503, 'busy', null, 'Too many requests wait for the model.');
  const parsed = parseRequest(body);
  if ('problem' in parsed) return sendError(response, 400, 'invalid_value', parsed.parameter, parsed.problem);
  return complete(model, parsed.request, response, signal);
}

async function complete(
  model: ChatModel,
  request: CompletionRequest,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<string | undefined> {
  const started = performance.now();
  try {
    const completion = await model.complete(request, signal);
    send(response, 200, toBody(model, completion));
    const { promptTokens, completionTokens, finishReason } = completion;
    const seconds = (performance.now() - started) / 1000;
    return `${promptTokens} + ${completionTokens} tokens in ${seconds.toFixed(1)} s (${finishReason})`;
  } catch (error) {
    if (signal.aborted) return 'given up: the client has gone';
    if (!(error instanceof CompletionRefusal)) throw error;
    return sendError(response, 400, error.code, error.parameter, error.message);
  }
}

function toBody(
  { name }: ChatModel,
  { text, finishReason, promptTokens, completionTokens }: Completion,
): object {
  return {
    id: `chatcmpl-${randomUUID()}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: name,
    choices: [{ index: 0, finish_reason: finishReason, message: { role: 'assistant', content: text } }],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  };
}

type Parsed = { request: CompletionRequest } | { problem: string; parameter: string | null };

/** Reads the body of a request; `parameter` names the first field that is wrong. */
function parseRequest(body: string): Parsed {
  const json = parseJson(body);
  if (json === undefined) return { problem: 'The body is not JSON.', parameter: null };
  const parsed = requestSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path.join('.') ?? '';
    return {
      problem: `${path || 'The body'}: ${issue?.message ?? 'is invalid'}`,
      parameter: issue?.path[0]?.toString() ?? null,
    };
  }
  const { messages, temperature, max_tokens, max_completion_tokens, seed, stop, response_format } =
    parsed.data;
  return {
    request: {
      messages: messages.map(({ role, content: text }) => ({
        role: role === 'developer' ? 'system' : role,
        text,
      })),
      form: readForm(response_format),
      maxTokens: max_completion_tokens ?? max_tokens ?? undefined,
      temperature: temperature ?? 0,
      seed: seed ?? undefined,
      stop: typeof stop === 'string' ? [stop] : (stop ?? []),
    },
  };
}

function readForm(format: z.infer<typeof requestSchema>['response_format']): CompletionRequest['form'] {
  if (!format || format.type === 'text') return { type: 'text' };
  return format.type === 'json_schema'
    ? { type: 'schema', schema: format.json_schema.schema }
    : { type: 'json' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The body as text; undefined where it is too large, and then the rest is not read. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: object): undefined {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** An error as OpenAI's servers write it. @returns a line for the log. */
function sendError(
  response: ServerResponse,
  status: number,
  code: string,
  param: string | null,
  message: string,
): string {
  send(response, status, {
    error: { message, type: status < 500 ? 'invalid_request_error' : 'server_error', param, code },
  });
  return `${status} ${code}: ${message}`;
}
