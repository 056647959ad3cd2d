import { expect, test } from 'vitest';
import { fixedClock } from '#lib/clock.ts';
import { Breaker } from './breaker.ts';
import { noJournal } from './call-journal.ts';
import { AbilityLadder, type CallPorts, callModel } from './call-model.ts';
import type { ChatFailure } from './chat-failure.ts';
import type { ChatOutcome, ChatRequest } from './chat-server.ts';

const clock = fixedClock('2026-11-20T12:00:00Z');
const key = { orderId: 'A', scorer: 's', turn: 1 };
const { signal } = new AbortController();
const reply = { content: 'a', toolCalls: [], finishReason: 'stop', refusal: null, model: 'm' };
const replied: ChatOutcome = { ok: true, reply: { ...reply, promptTokens: 1, completionTokens: 1 } };

function failed(failure: Partial<ChatFailure>): ChatOutcome {
  const common = { retry: true, status: null, retryAfterMs: null, message: 'no' } as const;
  return { ok: false, failure: { code: 'server_error', ...common, ...failure } };
}

/** Ports to a server that gives these outcomes, one per request; `slept` and `sent` record what was done. */
function setup(outcomes: ChatOutcome[], change: Partial<CallPorts> = {}) {
  const slept: number[] = [];
  const sent: ChatRequest[] = [];
  const keys: string[] = [];
  const ports: CallPorts = {
    server: {
      model: 'm',
      send: async (request, idempotencyKey) => {
        sent.push(request);
        keys.push(idempotencyKey);
        return outcomes[sent.length - 1] ?? failed({});
      },
    },
    abilities: new AbilityLadder(),
    breaker: new Breaker({ clock, random: () => 1 }),
    journal: noJournal,
    clock,
    random: () => 1,
    sleep: async (ms) => void slept.push(ms),
    ...change,
  };
  const write = async ({ tools, schema, limits }: { tools: boolean; schema: boolean; limits: boolean }) => ({
    messages: [],
    tools: tools ? [{ type: 'function' as const, function: { name: 'f' } }] : [],
    schema: schema ? { name: 's', schema: {} } : undefined,
    limits,
  });
  return { call: () => callModel(ports, key, write, signal), ports, slept, sent, keys };
}

test('a temporary failure is tried three times, each after a longer wait, under one key', async () => {
  const { call, slept, keys } = setup([]);
  expect(await call()).toMatchObject({ ok: false, code: 'server_error', requests: 3 });
  expect(slept).toEqual([1_000, 2_000]);
  expect(new Set(keys).size).toBe(1);
});

test('a wait that the server asks for is honoured; a long one opens the breaker', async () => {
  const short = setup([failed({ retryAfterMs: 7_000 }), replied]);
  expect(await short.call()).toMatchObject({ ok: true, requests: 2 });
  expect(short.slept).toEqual([7_000]);
  const long = setup([failed({ code: 'rate_limited', retryAfterMs: 60_000 })]);
  expect(await long.call()).toMatchObject({ requests: 1, retryAt: new Date('2026-11-20T12:01:00Z') });
  expect(long.slept).toEqual([]);
  expect(long.ports.breaker.pausedUntil()).toEqual(new Date('2026-11-20T12:01:00Z'));
  expect(await long.call()).toMatchObject({ requests: 0, code: 'breaker_open' });
});

test('fewer abilities are requested step by step where the server rejects them, and never more again', async () => {
  const rejects = failed({ code: 'rejected', retry: false });
  const { call, sent, slept, ports } = setup([rejects, rejects, replied, replied]);
  await call();
  await call();
  expect(sent.map(({ limits, schema, tools }) => [limits, schema !== undefined, tools.length])).toEqual([
    [true, true, 1],
    [false, true, 1],
    [false, false, 1],
    [false, false, 1],
  ]);
  expect(slept).toEqual([]);
  expect(ports.abilities.isProven).toBe(true);
});

test('an error that only a person can correct is tried once, and then the breaker opens', async () => {
  for (const code of ['unauthorized', 'not_found', 'redirected'] as const) {
    const { call, ports } = setup([failed({ code, retry: false })]);
    expect(await call()).toMatchObject({ requests: 1, code });
    expect(ports.breaker.pausedUntil()).toEqual(new Date('2026-11-20T12:01:00Z'));
  }
});

test('a database error before the request is sent leaves the probe to another', async () => {
  let now = clock.now().getTime();
  const breaker = new Breaker({ clock: { now: () => new Date(now) }, random: () => 1 });
  breaker.fail(1_000);
  now += 10_000;
  const journal = { ...noJournal, begin: () => Promise.reject(new Error('no database')) };
  const { call, sent } = setup([], { breaker, journal });
  await expect(call()).rejects.toThrow('no database');
  expect(sent).toEqual([]);
  expect(breaker.admit()).toEqual({ admitted: true });
});

test('once stopped, nothing is sent', async () => {
  const stopped = AbortSignal.abort();
  const { ports, sent } = setup([replied]);
  expect(await callModel(ports, key, async () => Promise.reject(), stopped)).toMatchObject({
    code: 'stopped',
  });
  expect(sent).toEqual([]);
});
