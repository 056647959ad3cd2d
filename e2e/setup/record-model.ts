import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type RecordingModel = { url: string; prompts: string[]; close(): Promise<void> };

const tools = ['get_order_details', 'get_order_delivery_time'];

/** A model that looks up everything about `orderId` and then refunds nothing; `prompts` are all requests to it. */
export async function openRecordingModel(orderId: string): Promise<RecordingModel> {
  const prompts: string[] = [];
  const lookUps = tools.map((name, at) => ({
    id: `call-${at}`,
    type: 'function',
    function: { name, arguments: JSON.stringify({ order_id: orderId }) },
  }));
  const server = createServer(async (request, response) => {
    const prompt = await text(request);
    prompts.push(`${JSON.stringify(request.headers)} ${prompt}`);
    const isAsked = prompt.includes('"role":"tool"');
    const answer = JSON.stringify({ refund_usd: 0, refund_class: 'none', reason: 'It was not late.' });
    const message = isAsked ? { content: answer } : { content: null, tool_calls: lookUps };
    const choice = { index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop' };
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    const body = { id: 'x', object: 'chat.completion', created: 1, model: 'm', choices: [choice], usage };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    prompts,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
