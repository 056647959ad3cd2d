import { expect, test } from 'vitest';
import { fixedClock } from '#lib/clock.ts';
import { type Abilities, AbilityStore, allAbilities } from './abilities.ts';
import { Breaker } from './breaker.ts';
import { noJournal } from './call-journal.ts';
import { type CallPorts, callModel } from './call-model.ts';
import type { ChatFailure, Refusal } from './chat-failure.ts';
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
    abilities: new AbilityStore(),
    breaker: new Breaker({ clock, random: () => 1 }),
    journal: noJournal,
    clock,
    random: () => 1,
    sleep: async (ms) => void slept.push(ms),
    ...change,
  };
  const write = async (abilities: Abilities) => ({
    messages: [],
    tools: abilities.tools ? [{ type: 'function' as const, function: { name: 'f' } }] : [],
    schema: { name: 's', schema: {} },
    temperature: 0,
    abilities,
  });
  return { call: () => callModel(ports, key, write, signal), ports, slept, sent, keys };
}

test('three orders in a row that are rejected without a reason show that the server rejects all', async () => {
  const { ports, call } = setup([replied, ...Array.from({ length: 6 }, () => rejects())]);
  await call();
  const write = async (abilities: Abilities) => ({
    messages: [],
    tools: [],
    schema: undefined,
    temperature: 0,
    abilities,
  });
  const codes = [];
  for (const orderId of ['A', 'B', 'C']) {
    const result = await callModel(ports, { ...key, orderId }, write, signal);
    codes.push(result.ok ? 'ok' : result.code);
  }
  expect(codes).toEqual(['rejected', 'rejected', 'rejects_all']);
  expect(ports.breaker.pausedUntil()).toBeDefined();
});

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

const rejects = (refusal?: Refusal) => failed({ code: 'rejected', retry: false, refusal });

test('what a server refuses by name is left out alone, in this request and all later ones', async () => {
  const { call, sent, keys, ports } = setup([
    rejects({ about: 'temperature' }),
    rejects({ about: 'length' }),
    rejects({ about: 'response_format' }),
    replied,
    replied,
  ]);
  expect(await call()).toMatchObject({ ok: true, requests: 4 });
  const learned = { temperature: false, lengthParameter: 'max_completion_tokens', jsonSchema: false };
  expect(ports.abilities.current).toEqual({ ...allAbilities, ...learned });
  expect(new Set(keys).size).toBe(4);
  expect(await call()).toMatchObject({ ok: true, requests: 1 });
  expect(sent[4]?.abilities).toEqual(ports.abilities.current);
});

test('a 500 about tools is answered by a request without them; a rejection without a reason is tried again and learned nothing from', async () => {
  const first = setup([failed({ refusal: { about: 'tools' } }), replied]);
  expect(await first.call()).toMatchObject({ ok: true, requests: 2 });
  expect(first.ports.abilities.current).toEqual({ ...allAbilities, tools: false });
  const odd = setup([replied, rejects(), replied]);
  await odd.call();
  expect(await odd.call()).toMatchObject({ ok: true, requests: 2 });
  expect(odd.ports.abilities.current).toEqual(allAbilities);
});

test('only a server that has never replied is offered less without a reason', async () => {
  const unproven = setup([rejects(), rejects(), rejects(), rejects(), replied]);
  expect(await unproven.call()).toMatchObject({ ok: true, requests: 5 });
  expect(unproven.ports.abilities.current).toMatchObject({
    tools: false,
    jsonSchema: false,
    jsonObject: false,
  });
  const proven = setup([replied, rejects(), rejects()]);
  await proven.call();
  expect(await proven.call()).toMatchObject({ ok: false, code: 'rejected', requests: 2 });
});

test('a context that is too short makes requests shorter, and its length is kept', async () => {
  const { call, ports, sent } = setup([rejects({ about: 'context', contextTokens: 2048 }), replied]);
  expect(await call()).toMatchObject({ ok: true, requests: 2 });
  expect(sent[1]?.abilities).toMatchObject({ isShort: true, answerTokens: 500, tools: true });
  expect(ports.abilities.current.contextTokens).toBe(2048);
});

test('an error that only a person can correct is tried once, and then the breaker opens', async () => {
  for (const code of ['unauthorized', 'not_found', 'redirected', 'no_credit'] as const) {
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
