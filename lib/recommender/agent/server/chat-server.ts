import OpenAI from 'openai';
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources';
import type { Clock } from '#lib/clock.ts';
import { type ChatFailure, describeFailure } from './chat-failure.ts';
import { type ChatReply, readCompletion } from './chat-reply.ts';
import { guardedFetch } from './guarded-fetch.ts';

export type ChatRequest = {
  messages: ChatCompletionMessageParam[];
  tools: ChatCompletionTool[];
  /** The JSON schema of the answer, with its name; undefined leaves the form to the prompt. */
  schema: { name: string; schema: Record<string, unknown> } | undefined;
  /** Whether to set temperature and length, which some models refuse. */
  limits: boolean;
};

export type ChatOutcome = { ok: true; reply: ChatReply } | { ok: false; failure: ChatFailure };

/** A model behind an OpenAI-compatible endpoint. One call of `send` is one HTTP request, and it never throws. */
export type ChatServer = {
  model: string;
  send(request: ChatRequest, key: string, signal: AbortSignal): Promise<ChatOutcome>;
};

export type ChatServerOptions = {
  baseUrl: string;
  apiKey: string | undefined;
  model: string;
  timeoutMs: number;
  clock: Clock;
};

const MAX_BYTES = 1_000_000;
const MAX_ANSWER_TOKENS = 2_000;

/** Opens the endpoint; nothing is sent yet. The client does not retry: each request is counted before it is sent. */
export function openChatServer({ baseUrl, apiKey, model, timeoutMs, clock }: ChatServerOptions): ChatServer {
  const client = new OpenAI({
    baseURL: baseUrl,
    apiKey: apiKey ?? 'none',
    organization: null,
    project: null,
    maxRetries: 0,
    // guardedFetch ends a request in time; the client's own limit, which does not cover the body, is a fallback.
    timeout: timeoutMs + 5_000,
    logLevel: 'off',
    fetch: guardedFetch({ timeoutMs, maxBytes: MAX_BYTES }),
  });
  return {
    model,
    send: async (request, key, signal) => {
      try {
        const body = await client.chat.completions.create(write(model, request), {
          signal,
          headers: { 'Idempotency-Key': key },
        });
        const reply = readCompletion(body);
        return reply ? { ok: true, reply } : { ok: false, failure: notACompletion };
      } catch (error) {
        return { ok: false, failure: describeFailure(error, clock.now()) };
      }
    },
  };
}

const notACompletion: ChatFailure = {
  code: 'not_a_completion',
  retry: true,
  status: 200,
  retryAfterMs: null,
  message: 'the server answered something that is not a chat completion',
};

function write(model: string, { messages, tools, schema, limits }: ChatRequest) {
  return {
    model,
    messages,
    ...(limits && { temperature: 0, max_tokens: MAX_ANSWER_TOKENS }),
    ...(tools.length > 0 && { tools }),
    ...(schema && {
      response_format: { type: 'json_schema' as const, json_schema: { ...schema, strict: true } },
    }),
  };
}
