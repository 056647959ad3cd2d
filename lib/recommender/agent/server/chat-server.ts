import OpenAI from 'openai';
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources';
import type { Clock } from '#lib/clock.ts';
import type { Abilities } from './abilities.ts';
import { type ChatFailure, describeFailure, readReportedFailure } from './chat-failure.ts';
import { type ChatReply, readCompletion } from './chat-reply.ts';
import { guardedFetch } from './guarded-fetch.ts';

export type ChatRequest = {
  messages: ChatCompletionMessageParam[];
  tools: ChatCompletionTool[];
  /** The JSON schema of the answer, with its name; undefined leaves the form to the prompt. */
  schema: { name: string; schema: Record<string, unknown> } | undefined;
  /** 0 but for a correction, since the same words at 0 bring the same answer. */
  temperature: number;
  /** What the request may make use of. */
  abilities: Abilities;
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
        if (reply) return { ok: true, reply };
        return { ok: false, failure: readReportedFailure(body, clock.now()) ?? notACompletion };
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

function write(model: string, { messages, tools, schema, temperature, abilities }: ChatRequest) {
  return {
    model,
    messages: abilities.systemRole ? messages : withoutSystemRole(messages),
    [abilities.lengthParameter]: abilities.answerTokens,
    ...(abilities.temperature && { temperature }),
    ...(tools.length > 0 && { tools }),
    ...(schema && writeFormat(schema, abilities)),
  };
}

function writeFormat(schema: NonNullable<ChatRequest['schema']>, { jsonSchema, jsonObject }: Abilities) {
  if (jsonSchema)
    return {
      response_format: { type: 'json_schema' as const, json_schema: { ...schema, strict: true } },
    };
  return jsonObject ? { response_format: { type: 'json_object' as const } } : {};
}

/** The same with the words of the system before those of the user. */
function withoutSystemRole(messages: ChatCompletionMessageParam[]): ChatCompletionMessageParam[] {
  const rules = messages.filter(({ role }) => role === 'system').map(({ content }) => String(content));
  const others = messages.filter(({ role }) => role !== 'system');
  const [first, ...rest] = others;
  if (first?.role !== 'user') return others;
  return [{ role: 'user', content: [...rules, String(first.content)].join('\n\n') }, ...rest];
}
