import { gzipSync } from 'node:zlib';
import { answer, honestModel, modelThat } from './scripted-models.testing.ts';
import { completion, type Exchange, type Script, sendJson, sendMessage } from './scripted-server.testing.ts';

/** What a server does, and how asking it ends: `answered`, or the code of the failure. */
export type Behaviour = { name: string; script: Script; ends: string };

const good = answer(3);
const status =
  (code: number, headers = {}): Script =>
  (exchange) =>
    sendJson(exchange, code, { error: { message: 'no' } }, headers);
const says = (content: string): Script => modelThat(() => content);
const first =
  (script: Script, then: Script, times = 1): Script =>
  (exchange) =>
    (exchange.nth <= times ? script : then)(exchange);
const raw =
  (body: string | Buffer, headers: Record<string, string> = {}): Script =>
  ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.end(body);
  };
const whole = (exchange: Exchange, content: string) => JSON.stringify(completion(exchange, { content }));

/** Failures of the server, the network or a proxy. */
export const brokenServers: Behaviour[] = [
  { name: '429 at first', script: first(status(429), honestModel), ends: 'answered' },
  {
    name: '429 with Retry-After',
    script: first(status(429, { 'retry-after': '2' }), honestModel),
    ends: 'answered',
  },
  {
    name: '429 until a date',
    script: status(429, { 'retry-after': 'Fri, 20 Nov 2099 13:00:00 GMT' }),
    ends: 'rate_limited',
  },
  {
    name: '429 with a Retry-After of nonsense',
    script: status(429, { 'retry-after': 'soon' }),
    ends: 'rate_limited',
  },
  { name: '429 without end', script: status(429), ends: 'rate_limited' },
  { name: '500', script: status(500), ends: 'server_error' },
  { name: '500 twice', script: first(status(500), honestModel, 2), ends: 'answered' },
  {
    name: '502 with HTML',
    script: ({ response }) => void response.writeHead(502).end('<h1>Bad gateway</h1>'),
    ends: 'server_error',
  },
  {
    name: '503 with a long Retry-After',
    script: status(503, { 'retry-after': '600' }),
    ends: 'server_error',
  },
  { name: '401', script: status(401), ends: 'unauthorized' },
  { name: '404', script: status(404), ends: 'not_found' },
  { name: '400 for every request', script: status(400), ends: 'rejected' },
  { name: '422 for every request', script: status(422), ends: 'rejected' },
  { name: 'a hang', script: () => undefined, ends: 'timed_out' },
  { name: 'a drip of single bytes', script: drip, ends: 'timed_out' },
  {
    name: 'a reset before anything',
    script: ({ response }) => void response.socket?.resetAndDestroy(),
    ends: 'unreachable',
  },
  { name: 'a reset inside the body', script: resetInside, ends: 'unreachable' },
  {
    name: 'a body cut short',
    script: (exchange) => raw(whole(exchange, good).slice(0, 90))(exchange),
    ends: 'not_a_completion',
  },
  {
    name: '10 MB of reason',
    script: (exchange) => raw(whole(exchange, 'x'.repeat(1e7)))(exchange),
    ends: 'too_large',
  },
  {
    name: 'a gzip bomb',
    script: raw(gzipSync(Buffer.alloc(5e7)), { 'content-encoding': 'gzip' }),
    ends: 'too_large',
  },
  { name: 'broken gzip', script: raw('no gzip', { 'content-encoding': 'gzip' }), ends: 'unreachable' },
  {
    name: 'gzip',
    script: (exchange) => raw(gzipSync(whole(exchange, good)), { 'content-encoding': 'gzip' })(exchange),
    ends: 'answered',
  },
  {
    name: 'a redirect',
    script: ({ response }) => void response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
    ends: 'redirected',
  },
  {
    name: 'HTML for an answer',
    script: raw('<!doctype html><p>Sign in</p>', { 'content-type': 'text/html' }),
    ends: 'not_a_completion',
  },
  { name: 'an empty body', script: raw(''), ends: 'not_a_completion' },
  { name: '204', script: ({ response }) => void response.writeHead(204).end(), ends: 'not_a_completion' },
  { name: 'a list for an answer', script: raw('[]'), ends: 'not_a_completion' },
  {
    name: 'no choices',
    script: (exchange) => sendJson(exchange, 200, { choices: [] }),
    ends: 'not_a_completion',
  },
  {
    name: 'an error with status 200',
    script: (exchange) => sendJson(exchange, 200, { error: { message: 'overloaded' } }),
    ends: 'server_error',
  },
  {
    name: 'an event stream',
    script: raw('data: {"choices":[]}\n\n', { 'content-type': 'text/event-stream' }),
    ends: 'not_a_completion',
  },
];

/** A server that works, and a model that does not. */
export const brokenModels: Behaviour[] = [
  {
    name: 'a refusal',
    script: (exchange) => sendMessage(exchange, { refusal: 'I cannot help with that.' }),
    ends: 'refused',
  },
  {
    name: 'a content filter',
    script: (exchange) => sendMessage(exchange, { content: '' }, 'content_filter'),
    ends: 'refused',
  },
  {
    name: 'finish_reason length',
    script: (exchange) => sendMessage(exchange, { content: good.slice(0, 20) }, 'length'),
    ends: 'cut_short',
  },
  { name: 'no content', script: (exchange) => sendMessage(exchange, {}), ends: 'empty' },
  { name: 'a fenced answer', script: says(`\`\`\`json\n${good}\n\`\`\``), ends: 'answered' },
  {
    name: 'content in parts',
    script: (exchange) => sendMessage(exchange, { content: [{ type: 'text', text: good }] }),
    ends: 'answered',
  },
  {
    name: 'an answer without lookups',
    script: (exchange) => sendMessage(exchange, { content: good }),
    ends: 'answered',
  },
  {
    name: 'prose, corrected on request',
    script: first(says('Three dollars.'), says(good)),
    ends: 'answered',
  },
  { name: 'prose without end', script: says('Three dollars, I should say.'), ends: 'not_json' },
  { name: 'the wrong schema', script: says('{"refund_usd": 3, "verdict": "late"}'), ends: 'wrong_schema' },
  {
    name: 'NaN',
    script: says(good.replace('3', 'NaN')),
    ends: 'not_json',
  },
  {
    name: 'an amount below zero',
    script: says(good.replace('3', '-5')),
    ends: 'wrong_schema',
  },
  { name: 'more than the total', script: says(answer(999)), ends: 'answered' },
  {
    name: 'class and amount that disagree',
    script: says(good.replace('{', '{"refund_class": "none", ')),
    ends: 'incoherent',
  },
  { name: 'doubled keys', script: says(good.replace('{', '{"refund_usd": 19, ')), ends: 'ambiguous' },
  { name: 'another order', script: says(good.replace('{', '{"order_id": "other", ')), ends: 'wrong_order' },
  {
    name: 'right-to-left and zero-width text',
    script: says(answer(3, ['late'], '\u202eeta\u200bL \ufeff\u2066x')),
    ends: 'answered',
  },
  {
    name: 'NUL and half a character',
    script: says(good.replace('""', '"a\\u0000b \\ud83d"')),
    ends: 'answered',
  },
  {
    name: 'a ground that the facts deny',
    script: says(answer(3, ['late', 'past_promise'])),
    ends: 'unfounded',
  },
  { name: 'no grounds', script: says(answer(3, [])), ends: 'wrong_schema' },
  { name: 'on time, and an amount', script: says(answer(3, ['on_time'])), ends: 'unfounded' },
  {
    name: 'lookups without end',
    script: (exchange) => sendMessage(exchange, { tool_calls: [lookUp('get_order_details', '{}')] }),
    ends: 'too_many_turns',
  },
  {
    name: 'a tool that there is not',
    script: first(callTool('refund_now', '{"usd": 999}'), says(good)),
    ends: 'answered',
  },
  {
    name: 'a look at another order',
    script: first(callTool('get_order_details', '{"order_id": "other"}'), says(good)),
    ends: 'answered',
  },
  {
    name: 'arguments that are no JSON',
    script: first(callTool('get_order_details', 'order'), says(good)),
    ends: 'answered',
  },
  { name: 'no tools, no schema, no temperature', script: onlyWords, ends: 'answered' },
  {
    name: 'no schema',
    script: (exchange) =>
      'response_format' in exchange.request
        ? sendJson(exchange, 400, { error: { message: 'response_format is not supported' } })
        : honestModel(exchange),
    ends: 'answered',
  },
];

function lookUp(name: string, given: string) {
  return { id: 'x', type: 'function', function: { name, arguments: given } };
}

function callTool(name: string, given: string): Script {
  return (exchange) => sendMessage(exchange, { tool_calls: [lookUp(name, given)] }, 'tool_calls');
}

/** A server that rejects all but messages and a length, and names what it rejects first. */
function onlyWords(exchange: Exchange) {
  const found = ['tools', 'response_format', 'temperature'].find((key) => key in exchange.request);
  return found
    ? sendJson(exchange, 400, { error: { message: `${found} is not supported` } })
    : honestModel(exchange);
}

function drip({ response }: Exchange): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
}

function resetInside(exchange: Exchange): void {
  const { response } = exchange;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
  response.write(whole(exchange, good).slice(0, 50), () => response.socket?.resetAndDestroy());
}
