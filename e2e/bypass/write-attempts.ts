import type { Attempt } from './read-attempts.ts';
import { type Answer, ask, decision, postAction, postRefund, refund, type World } from './world.ts';

const all = (...answers: Promise<Answer>[]) => Promise.all(answers);
const args = (world: World, change?: Record<string, unknown>) => JSON.stringify([decision(world, change)]);
const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** A text with some characters changed, the same in every run. */
function mutate(text: string, seed: number): string {
  let state = seed * 2_654_435_761;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return [...text].map((char) => (next() < 0.06 ? String.fromCharCode(next() * 255) : char)).join('');
}

function form(world: World, name: string): FormData {
  const data = new FormData();
  data.set(name, '');
  data.set('1:0', JSON.stringify({ id: world.actionId, bound: '$@1' }));
  data.set('1:1', args(world));
  data.set('0', args(world));
  return data;
}

/** Attacks that make unauthorized decisions through the server actions; 17 to 30 of the list. */
export const actionAttempts: Attempt[] = [
  {
    name: '17 a direct post of an action',
    isLegalForReviewer: true,
    play: (w) => all(postAction(w, args(w))),
  },
  {
    name: '18 the id of an action of a higher role',
    isLegalForReviewer: true,
    play: (w) => all(postAction(w, args(w), { 'next-router-state-tree': '%5B%22%22%5D' })),
  },
  {
    name: '19 an id of another build',
    play: (w) => all(postAction(w, args(w), { 'next-action': `40${'ab'.repeat(20)}` })),
  },
  {
    name: '20 the action on another route',
    isLegalForReviewer: true,
    play: (w) => all(postAction(w, args(w), {}, '/sign-in'), postAction(w, args(w), {}, '/healthz')),
  },
  { name: '21 Origin: null', play: (w) => all(postAction(w, args(w), { origin: 'null' })) },
  {
    name: '22 a foreign Origin',
    play: (w) =>
      all(
        postAction(w, args(w), { origin: 'https://evil.example' }),
        postAction(w, args(w), { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' }),
        postRefund(w, refund(w), { origin: 'https://evil.example' }),
        postRefund(w, refund(w), { 'sec-fetch-site': 'cross-site' }),
      ),
  },
  {
    name: '23 no Origin',
    play: (w) =>
      all(
        ask(w, `/refunds/${w.target.orderId}`, {
          method: 'POST',
          headers: { 'next-action': w.actionId, 'content-type': 'text/plain;charset=UTF-8' },
          body: args(w),
        }),
        ask(w, '/api/refunds', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(refund(w)),
        }),
      ),
  },
  {
    name: '24 a plain form',
    play: (w) =>
      all(
        postRefund(w, refund(w), { 'content-type': 'text/plain' }),
        postRefund(w, `order_id=${w.target.orderId}&refund_class=none&amount_usd=0&reason=${w.mark}`, {
          'content-type': 'application/x-www-form-urlencoded',
        }),
      ),
  },
  {
    name: '25 multipart with $ACTION_REF',
    play: (w) =>
      all(
        ...['$ACTION_REF_1', `$ACTION_ID_${w.actionId}`].map((name) =>
          ask(w, `/refunds/${w.target.orderId}`, {
            method: 'POST',
            headers: { origin: w.system.url },
            body: form(w, name),
          }),
        ),
      ),
  },
  {
    name: '26 the arguments of another person',
    play: (w) => all(postAction(w, args(w, { person: { id: 'x', role: 'admin' }, decidedBy: 'lead@x' }))),
  },
  {
    name: '27 keys of the prototype',
    isLegalForReviewer: true,
    play: (w) =>
      all(
        postAction(w, `[{"__proto__":{"role":"admin"},${args(w).slice(2)}`),
        postAction(w, args(w, { constructor: { prototype: { role: 'admin' } } })),
        postRefund(w, `{"__proto__":{"order_id":"${w.target.orderId}"},"constructor":{"role":"admin"}}`),
      ),
  },
  {
    name: '28 too large and too deep',
    play: (w) =>
      all(
        postAction(w, args(w, { reason: `${w.mark}${'x'.repeat(5_000_000)}` })),
        postRefund(w, refund(w, { reason: `${w.mark}${'x'.repeat(5_000_000)}` })),
        postAction(w, deep(20_000)),
        postRefund(w, deep(20_000)),
      ),
  },
  {
    name: '29 mutated bodies',
    play: async (w) => {
      const bad = { ...w, mark: `${w.mark} \u0000` };
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => postAction(bad, mutate(args(bad), n + 1))),
      );
      const health = await ask(w, '/healthz');
      if (health.status !== 200) throw new Error(`the console is not well: ${health.status}`);
      return answers;
    },
  },
  {
    name: '30 a list or an object where text is meant',
    play: (w) =>
      all(
        ...[['orderId'], ['reason'], ['amountUsd'], ['idempotencyKey']].flatMap(([field = '']) => [
          postAction(w, args(w, { [field]: [w.target.orderId] })),
          postAction(w, args(w, { [field]: { toString: w.target.orderId } })),
        ]),
      ),
  },
];
