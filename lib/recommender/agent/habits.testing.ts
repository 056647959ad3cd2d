import { answer, honestModel, modelThat } from './scripted-models.testing.ts';
import { type Exchange, type Script, sendJson, sendMessage } from './scripted-server.testing.ts';

/**
 * What a chat server or a weak model does to every order, and how the orders end: `agent` with its answer, `waits` without one,
 * `mixed` with its answer where its grounds hold and else as unfounded, or with the code of a failure.
 */
export type Habit = { name: string; script: Script; ends: string };

const good = answer(3, ['late'], 'It came late.');
const draft = answer(5, ['late'], 'draft');
const says =
  (content: unknown): Script =>
  (exchange) =>
    sendMessage(exchange, { content });
const refuse = (exchange: Exchange, message: string, status = 400, more = {}) =>
  sendJson(exchange, status, { error: { message, type: 'invalid_request_error', ...more } });

/** Answers where it may not call tools or has called them; else it calls one as `calls` says. */
const callsFirst =
  (calls: (orderId: string) => object[], finish = 'tool_calls', content: string | null = null): Script =>
  (exchange) => {
    const { tools, messages } = exchange.request;
    const isDone = tools === undefined || messages.some(({ role }) => role === 'tool');
    if (isDone) sendMessage(exchange, { content: good });
    else sendMessage(exchange, { content, tool_calls: calls(exchange.orderId) }, finish);
  };
const callWith = (given: unknown, name: string | null = 'get_order_delivery_time') => ({
  id: 'call_a',
  type: 'function',
  function: { name, arguments: given },
});
const argumentsOf = (orderId: string) => JSON.stringify({ order_id: orderId });
const block = (type: string, more: object) => ({ type, ...more });
const words = block('text', { text: good });

/** Replies in unusual forms. */
const forms: Habit[] = [
  { name: 'plain', script: says(good), ends: 'agent' },
  { name: 'think-both', script: says(`<think>Maybe ${draft}.</think>${good}`), ends: 'agent' },
  { name: 'think-other-tag', script: says(`[THINK]Maybe ${draft}.[/THINK]${good}`), ends: 'agent' },
  {
    name: 'harmony-leak',
    script: says(
      `<|channel|>analysis<|message|>Perhaps ${draft}<|end|><|start|>assistant<|channel|>final<|message|>${good}`,
    ),
    ends: 'agent',
  },
  {
    name: 'parts-thinking',
    script: says([block('thinking', { thinking: [block('text', { text: 'hm' })] }), words]),
    ends: 'agent',
  },
  {
    name: 'parts-reasoning',
    script: says([block('reasoning', { summary: [block('summary_text', { text: 'hm' })] }), words]),
    ends: 'agent',
  },
  {
    name: 'reasoning-content-only',
    script: (exchange) => sendMessage(exchange, { content: '', reasoning_content: good }),
    ends: 'empty',
  },
  {
    name: 'content-missing',
    script: (exchange) => sendMessage(exchange, { reasoning: 'hm' }),
    ends: 'empty',
  },
  { name: 'decimal-comma', script: says(good.replace('3', '"3,00"')), ends: 'agent' },
  { name: 'usd-suffix', script: says(good.replace('3', '"3.00 USD"')), ends: 'agent' },
  { name: 'trailing-comma', script: says(good.replace('}', ',}')), ends: 'agent' },
  { name: 'nested-answer', script: says(JSON.stringify({ refund: JSON.parse(good) })), ends: 'agent' },
  { name: 'json-in-string', script: says(JSON.stringify(good)), ends: 'agent' },
];

/** Tool calls in unusual forms. */
const calls: Habit[] = [
  { name: 'args-null', script: callsFirst(() => [callWith(null)]), ends: 'agent' },
  { name: 'args-object', script: callsFirst((id) => [callWith({ order_id: id })]), ends: 'agent' },
  {
    name: 'args-double-encoded',
    script: callsFirst((id) => [callWith(JSON.stringify(argumentsOf(id)))]),
    ends: 'agent',
  },
  {
    name: 'tool-as-text',
    script: (exchange) =>
      exchange.request.tools
        ? says('<tool_call>\n{"name": "get_order_delivery_time", "arguments": {}}\n</tool_call>')(exchange)
        : says(good)(exchange),
    ends: 'agent',
  },
  {
    name: 'finish-wrong',
    script: callsFirst((id) => [callWith(argumentsOf(id))], 'stop', ''),
    ends: 'agent',
  },
  {
    name: 'same-ids',
    script: callsFirst((id) => [callWith(argumentsOf(id)), callWith(argumentsOf(id))]),
    ends: 'agent',
  },
  { name: 'tool-null-name', script: callsFirst(() => [callWith('{}', null)]), ends: 'agent' },
];

/** Servers that refuse something. */
const refusals: Habit[] = [
  {
    name: 'credit-400',
    script: afterRequests(2, says(good), (exchange) => refuse(exchange, 'Your credit balance is too low')),
    ends: 'waits',
  },
  {
    name: 'one-400',
    script: onRequest(2, (exchange) => refuse(exchange, 'temporary failure compiling grammar'), says(good)),
    ends: 'agent',
  },
  {
    name: 'no-tools-only',
    script: refuses('tools', 'model does not support tools', (exchange) =>
      exchange.request.response_format ? says(good)(exchange) : says('Three dollars.')(exchange),
    ),
    ends: 'agent',
  },
  {
    name: 'no-jinja',
    script: (exchange) =>
      exchange.request.tools
        ? refuse(exchange, 'tools param requires --jinja flag', 500)
        : says(good)(exchange),
    ends: 'agent',
  },
  {
    name: 'tools-xor-schema',
    script: (exchange) =>
      exchange.request.tools && exchange.request.response_format
        ? refuse(exchange, 'response_format is not supported with tools')
        : callsFirst((id) => [callWith(argumentsOf(id))])(exchange),
    ends: 'agent',
  },
  {
    name: 'system-role',
    script: (exchange) =>
      exchange.request.messages.some(({ role }) => role === 'system')
        ? refuse(exchange, 'System role not supported')
        : says(good)(exchange),
    ends: 'agent',
  },
  {
    name: 'no-max-tokens',
    script: refuses(
      'max_tokens',
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      refuses('temperature', "Unsupported value: 'temperature' does not support 0.", says(good)),
    ),
    ends: 'agent',
  },
  {
    name: 'no-schema',
    script: refuses('response_format', 'response_format: unsupported', says(good)),
    ends: 'agent',
  },
  {
    name: 'short-context',
    script: (exchange) =>
      exchange.raw.includes('refund policy in force')
        ? refuse(exchange, "This model's maximum context length is 1024 tokens.")
        : says(good)(exchange),
    ends: 'agent',
  },
  {
    name: 'length-empty',
    script: (exchange) => sendMessage(exchange, { content: '' }, 'length'),
    ends: 'cut_short',
  },
  {
    name: 'limit-eaten',
    script: (exchange) =>
      Number(exchange.request.max_tokens) < 8_000
        ? sendMessage(exchange, { content: '' }, 'length')
        : says(good)(exchange),
    ends: 'agent',
  },
  {
    name: 'sse-anyway',
    script: ({ response }) => {
      const event = JSON.stringify({ choices: [{ index: 0, delta: { content: good } }] });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`data: ${event}\n\ndata: [DONE]\n\n`);
    },
    ends: 'waits',
  },
  {
    name: 'quota-429',
    script: (exchange) =>
      refuse(exchange, 'You exceeded your current quota', 429, { code: 'insufficient_quota' }),
    ends: 'waits',
  },
  {
    name: 'choices-null-error',
    script: (exchange) =>
      sendJson(exchange, 200, { choices: null, error: { message: 'rate limited', code: 429 } }),
    ends: 'waits',
  },
];

/** Models that would pay too little or too much, if they could. */
const weakModels: Habit[] = [
  { name: 'honest', script: honestModel, ends: 'agent' },
  { name: 'always-nothing', script: says(answer(0)), ends: 'agent' },
  {
    name: 'nothing-on-many-grounds',
    script: says(answer(0, ['late', 'very_late', 'just_late', 'within_promise'])),
    ends: 'unfounded',
  },
  { name: 'nothing-just-late', script: says(answer(0, ['just_late'])), ends: 'mixed' },
  { name: 'everything-near-the-limit', script: says(answer(999, ['near_next_limit'])), ends: 'mixed' },
  { name: 'on-time', script: says(answer(0, ['on_time'])), ends: 'unfounded' },
  { name: 'prose', script: says('I would refund about three dollars.'), ends: 'not_json' },
  {
    name: 'repeats-the-prompt',
    script: (exchange) => says(exchange.request.messages.at(-1)?.content ?? '')(exchange),
    ends: 'not_json',
  },
  { name: 'no-fields', script: says('{}'), ends: 'not_json' },
  {
    name: 'a-dollar-less',
    script: modelThat(({ policyUsd }) => answer(Math.max(0, policyUsd - 1), ['late', 'just_late'])),
    ends: 'mixed',
  },
];

export const habits: Habit[] = [...forms, ...calls, ...refusals, ...weakModels];

function refuses(parameter: string, message: string, then: Script): Script {
  return (exchange) => (parameter in exchange.request ? refuse(exchange, message) : then(exchange));
}

function afterRequests(count: number, before: Script, after: Script): Script {
  return (exchange) => (exchange.nthOfScript <= count ? before : after)(exchange);
}

function onRequest(nth: number, then: Script, otherwise: Script): Script {
  return (exchange) => (exchange.nthOfScript === nth ? then : otherwise)(exchange);
}
