import { afterEach, expect, test, vi } from 'vitest';
import type { ActionError } from '#lib/auth/index.ts';
import { NOT_SAVED, resolveOutcome } from './resolve-outcome.ts';

const failure: ActionError = { code: 'no_answer', message: 'No answer came.', requestId: '' };
const decision = {
  id: 7,
  kind: 'decision',
  order_id: 'A&B',
  decided_ts: '2026-01-01T00:00:00.000Z',
  amount_usd: 4.5,
  refund_class: 'partial',
  reason: 'late',
  reason_code: null,
  decided_by: 'a@x',
  approved_by: null,
  supersedes_id: null,
};
const nothing = { decision: null, approval: null };

afterEach(() => vi.unstubAllGlobals());

/** The console's answers, one after another; the last one from then on. */
function answer(...answers: (object | number | 'cut')[]) {
  const asked: string[] = [];
  const fetch = (url: string) => {
    const next = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(url);
    if (next === 'cut') return Promise.reject(new TypeError('Failed to fetch'));
    if (typeof next !== 'number') return Promise.resolve(Response.json(next));
    const body = { error: next === 401 ? 'unauthenticated' : 'busy', message: 'no', request_id: 'r' };
    return Promise.resolve(Response.json(body, { status: next }));
  };
  vi.stubGlobal('fetch', fetch);
  return asked;
}

const find = () =>
  resolveOutcome({ orderId: 'A&B', key: 'key-1234', failure, pause: () => Promise.resolve() });

test('a decision that was written is found, even after failed tries', async () => {
  const asked = answer('cut', 503, 'cut', { decision, approval: null });
  expect(await find()).toMatchObject({ ok: true, value: { decision: { id: '7', amountCents: 450 } } });
  expect(asked).toHaveLength(4);
  expect(asked[0]).toBe('/api/refunds?order_id=A%26B&idempotency_key=key-1234');
});

test('a decision counts as not saved once it was absent twice', async () => {
  const asked = answer(nothing, 'cut', nothing);
  expect(await find()).toMatchObject({ ok: false, error: { code: NOT_SAVED } });
  expect(asked).toHaveLength(3);
  answer(nothing, { decision, approval: null });
  expect(await find()).toMatchObject({ ok: true });
});

test('where the console never answers, the failure is returned', async () => {
  const asked = answer(nothing, 'cut');
  expect(await find()).toEqual({ ok: false, error: failure });
  expect(asked).toHaveLength(20);
  answer('cut');
  expect(await find()).toEqual({ ok: false, error: failure });
});

test('the end of the session is returned at once', async () => {
  const asked = answer(401);
  expect(await find()).toMatchObject({ ok: false, error: { code: 'unauthenticated', requestId: 'r' } });
  expect(asked).toHaveLength(1);
});
