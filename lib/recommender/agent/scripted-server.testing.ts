import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const requestSchema = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.string().nullish() })),
  tools: z.array(z.unknown()).optional(),
});
export type ScriptedRequest = z.infer<typeof requestSchema>;

/**
 * One request as a script sees it: `nth` counts the requests about this order from 1, `nthOfScript` those since the script was set;
 * `raw` is what came over the wire.
 */
export type Exchange = {
  request: ScriptedRequest;
  raw: string;
  headers: IncomingMessage['headers'];
  orderId: string;
  nth: number;
  nthOfScript: number;
  response: ServerResponse;
};

export type Script = (exchange: Exchange) => void | Promise<void>;

export type ScriptedServer = {
  /** What goes into OPENAI_BASE_URL. */
  baseUrl: string;
  /** Every request so far, in its order. */
  exchanges: Exchange[];
  /** Answers from now on. */
  script: Script;
  close(): Promise<void>;
};

/** An OpenAI-compatible chat endpoint over real HTTP on a free port of this machine, which answers as `script` says. */
export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const exchanges: Exchange[] = [];
  let counted: Script = script;
  let nthOfScript = 0;
  const server = createServer((message, response) => {
    response.on('error', () => undefined);
    answer(message, response).catch(() => response.destroy());
  });

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await text(message);
    const request = requestSchema.parse(JSON.parse(raw));
    const orderId = findOrder(request);
    const nth = 1 + exchanges.filter((earlier) => earlier.orderId === orderId).length;
    if (counted !== scripted.script) [counted, nthOfScript] = [scripted.script, 0];
    nthOfScript += 1;
    const exchange = { request, raw, headers: message.headers, orderId, nth, nthOfScript, response };
    exchanges.push(exchange);
    await scripted.script(exchange);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const scripted: ScriptedServer = {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    exchanges,
    script,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
  return scripted;
}

function findOrder({ messages }: ScriptedRequest): string {
  for (const { content } of messages) {
    const match = /^Order: (\S+)$/m.exec(content ?? '');
    if (match) return match[1] ?? '';
  }
  return '';
}

/** Sends any body as JSON. */
export function sendJson({ response }: Exchange, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Sends a whole chat completion with one message. */
export function sendMessage(exchange: Exchange, message: object, finishReason = 'stop'): void {
  sendJson(exchange, 200, completion(exchange, message, finishReason));
}

export function completion({ request }: Exchange, message: object, finishReason = 'stop'): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_780_000_000,
    model: request.model,
    choices: [
      { index: 0, finish_reason: finishReason, message: { role: 'assistant', content: null, ...message } },
    ],
    usage: { prompt_tokens: 400, completion_tokens: 40, total_tokens: 440 },
  };
}
