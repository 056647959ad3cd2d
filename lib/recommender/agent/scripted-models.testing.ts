import { type Exchange, type Script, sendMessage } from './scripted-server.testing.ts';

/** The facts that a scripted model has so far, from the tools or from the prompt. */
export type Facts = Record<string, unknown>;

/** A model that looks up what it can, then answers as `decide` says, in the words that it returns. */
export function modelThat(decide: (facts: Facts, exchange: Exchange) => string): Script {
  return (exchange) => {
    const { request } = exchange;
    const facts = readFacts(exchange);
    const mayLookUp = request.tools !== undefined && !request.messages.some(({ role }) => role === 'tool');
    if (mayLookUp) return sendMessage(exchange, { tool_calls: lookUps(exchange) }, 'tool_calls');
    sendMessage(exchange, { content: decide(facts, exchange) });
  };
}

/** A model that keeps to the policy: what it answers is right, and so is every number in its reason. */
export const honestModel = modelThat((facts) => {
  const [took, total] = [Number(facts.delivery_minutes), Number(facts.total_usd)];
  const enough = Number(facts.deliveries) >= 30;
  const p75 = enough ? Number(facts.p75_minutes) : 45;
  const p99 = enough ? Number(facts.p99_minutes) : 75;
  const percent = took <= p75 ? 0 : took <= p99 ? 15 : 25;
  const refund = Math.min(total, percent === 0 ? 0 : Math.max(0.5, Math.round(total * percent * 0.02) / 2));
  return answer(
    refund,
    total,
    `The delivery took ${took.toFixed(2)} min against a P75 of ${p75.toFixed(2)} min.`,
  );
});

/** The answer as JSON text, with the class that fits the amount. */
export function answer(refundUsd: number, total: number, reason: string): string {
  const refundClass = refundUsd === 0 ? 'none' : refundUsd >= total ? 'full' : 'partial';
  return JSON.stringify({ refund_usd: refundUsd, refund_class: refundClass, reason });
}

function lookUps({ orderId, request }: Exchange) {
  const location = /^Location: (.*)$/m.exec(request.messages.at(1)?.content ?? '')?.[1] ?? '';
  const call = (id: string, name: string, given: object) => ({
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(given) },
  });
  return [
    call('a', 'get_order_details', { order_id: orderId }),
    call('b', 'get_order_delivery_time', { order_id: orderId }),
    call('c', 'get_location_timings', { location }),
  ];
}

/** Every key that any tool result has, whichever tool it is of. */
function readFacts({ request }: Exchange): Facts {
  const results = request.messages.flatMap(({ role, content }) => {
    if (role === 'tool') return [content ?? '{}'];
    return [...(content ?? '').matchAll(/^get_\w+ returned: (.*)$/gm)].map(([, json = '{}']) => json);
  });
  return Object.assign({}, ...results.map((json): unknown => JSON.parse(json))) as Facts;
}
