import type { AgentGround } from '#lib/contract/refund.ts';
import { type Exchange, type Script, sendMessage } from './scripted-server.testing.ts';

/** What a scripted model finds in its prompt: the results of the tools, the limits of the order, and the policy's amount. */
export type Facts = Record<string, unknown> & { limits: number[]; policyUsd: number };

/** A model that answers as `decide` says, in the words that it returns; where it may look facts up, it does so first. */
export function modelThat(decide: (facts: Facts, exchange: Exchange) => string): Script {
  return (exchange) => {
    const { request } = exchange;
    if (request.tools === undefined)
      return sendMessage(exchange, { content: decide(readFacts(exchange), exchange) });
    const hasLookedUp = request.messages.some(({ role }) => role === 'tool');
    if (hasLookedUp) return sendMessage(exchange, { content: 'ready' });
    sendMessage(exchange, { tool_calls: lookUps(exchange) }, 'tool_calls');
  };
}

/** A model that keeps to the policy, on grounds that hold. */
export const honestModel = modelThat((facts) => answer(facts.policyUsd, honestGrounds(facts)));

/** Whether the order passed its first limit, and its last. */
export function honestGrounds({ delivery_minutes: took, limits }: Facts): AgentGround[] {
  if (Number(took) <= (limits[0] ?? 0)) return ['on_time'];
  return Number(took) > (limits.at(-1) ?? 0) ? ['late', 'very_late'] : ['late'];
}

/** An answer as JSON text. */
export function answer(refundUsd: number, grounds: string[] = ['late'], note = ''): string {
  return JSON.stringify({ grounds, refund_usd: refundUsd, note });
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

/** Every key that any tool result in the prompt has, whichever tool it is of. */
function readFacts({ request }: Exchange): Facts {
  const prompt = request.messages.map(({ content }) => content ?? '').join('\n');
  const results = [...prompt.matchAll(/^get_\w+ returned: (.*)$/gm)].map(([, json = '{}']): unknown =>
    JSON.parse(json),
  );
  const limits = [...prompt.matchAll(/^Limit: above ([\d.]+) minutes/gm)].map(([, text]) => Number(text));
  const policyUsd = Number(/The policy's amount is \$([\d,.]*\d)/.exec(prompt)?.[1]?.replaceAll(',', ''));
  return Object.assign({ limits, policyUsd }, ...results) as Facts;
}
