import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { type QueueQuery, queueSorts } from '#lib/contract/queue.ts';
import type { RefundClass } from '#lib/contract/refund.ts';
import { ValidationError } from '#lib/errors.ts';
import { decideRefund } from '../decisions/decide-refund.ts';
import { addScoredOrder } from '../orders.testing.ts';
import type { QueueItem } from '../rules/records.ts';
import { listRecommendations } from './list-recommendations.ts';
import { getRecommendation } from './queue-item.ts';
import { summarizeRefunds } from './summarize-refunds.ts';

const SIZE = 60;
const everything: QueueQuery = { status: 'all', includeZero: true, sort: 'newest', limit: 200 };
let db: TestDatabase;
let all: QueueItem[];

/** 60 orders in which every sort has ties: classes by turns, the last ten without an answer, six decided. */
beforeAll(async () => {
  db = await createTestDatabase();
  for (let n = 0; n < SIZE; n++) await addScoredOrder(db.pool, { orderId: idOf(n), ...orderOf(n) });
  for (let n = 0; n < SIZE; n += 10) await decide(idOf(n), orderOf(n).refundClass);
  all = (await listRecommendations(db, everything)).items;
});
afterAll(() => db.close());

test('the queue shows each order with its suggestion, its decision and its evidence', async () => {
  expect(all).toHaveLength(SIZE);
  const [item] = all.filter(({ orderId }) => orderId === idOf(1));
  expect(item).toEqual({
    orderId: idOf(1),
    location: 'chicago',
    orderTs: '2026-01-02T11:44:00.000Z',
    deliveredTs: '2026-01-02T12:05:00.000Z',
    deliveryMinutes: 21,
    orderTotalCents: 2000,
    suggestion: expect.objectContaining({ recommendationId: '1', refundClass: 'partial', refundCents: 200 }),
    decision: null,
    status: 'pending',
    caseStatus: 'queued',
    assignee: null,
    dueTs: null,
    factsChanged: false,
  });
  expect(await getRecommendation(db, idOf(1))).toEqual(item);
  expect(await getRecommendation(db, 'unknown')).toBeUndefined();
});

const filters: [string, Partial<QueueQuery>, (item: QueueItem) => boolean][] = [
  ['pending', { status: 'pending' }, (item) => item.decision === null],
  ['decided', { status: 'decided' }, (item) => item.decision !== null],
  ['a class', { refundClass: 'full' }, (item) => item.suggestion.refundClass === 'full'],
  ['without an answer', { refundClass: 'unanswered' }, (item) => item.suggestion.refundClass === null],
  ['a location', { location: 'sf' }, (item) => item.location === 'sf'],
  ['no such location', { location: "sf' or true --" }, () => false],
  ['a source', { source: 'error' }, (item) => item.suggestion.source === 'error'],
  ['a brand', { brand: 3 }, (item) => Number(item.orderId.slice(-2)) % 4 === 3],
  ['an amount from', { minUsd: '3.00' }, (item) => (item.suggestion.refundCents ?? -1) >= 300],
  ['an amount to', { maxUsd: '3.00' }, (item) => (item.suggestion.refundCents ?? 301) <= 300],
  ['lateness', { minMinutes: 23 }, (item) => item.deliveryMinutes >= 23],
  ['age', { olderThanMinutes: 60 }, () => true],
  ['unassigned', { assignee: 'none', status: 'pending' }, (item) => item.decision === null],
  ['an assignee', { assignee: 'ana@example.com' }, () => false],
  ['facts that changed', { factsChanged: true }, () => false],
  ['facts that are as they were', { factsChanged: false }, () => true],
  ['the beginning of an id', { search: 'order-1' }, (item) => item.orderId.startsWith('order-1')],
  ['the end of an id', { search: '%1' }, () => false],
  ['above $0, failures kept', { includeZero: false }, (item) => item.suggestion.refundCents !== 0],
  [
    'several at once',
    { status: 'pending', includeZero: false, location: 'chicago', refundClass: 'partial' },
    (item) =>
      item.decision === null && item.location === 'chicago' && item.suggestion.refundClass === 'partial',
  ],
];

test.each(filters)('the filter %s shows and counts exactly its rows', async (_, filter, admits) => {
  const page = await listRecommendations(db, { ...everything, ...filter });
  const expected = all.filter(admits).map(({ orderId }) => orderId);
  expect(page.items.map(({ orderId }) => orderId)).toEqual(expected);
  expect(page).toMatchObject({ total: expected.length, nextCursor: null });
});

test.each(queueSorts)('pages by %s show every row once, in order, under one total', async (sort) => {
  const query = { ...everything, sort };
  const whole = (await listRecommendations(db, { ...query, limit: 200 })).items;
  const paged: QueueItem[] = [];
  let cursor: string | undefined;
  do {
    const page = await listRecommendations(db, { ...query, limit: 7, cursor });
    expect(page.total).toBe(SIZE);
    paged.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(paged).toEqual(whole);
  expect(paged.map(keys[sort])).toEqual(paged.map(keys[sort]).toSorted((a, b) => (a - b) * signs[sort]));
});

test('pages by offset equal the pages by cursor', async () => {
  const page = await listRecommendations(db, { ...everything, limit: 25, offset: 50 });
  expect(page.items).toEqual(all.slice(50));
  expect(page).toMatchObject({ total: SIZE, nextCursor: null });
});

test('a row that arrives between two pages neither shifts nor repeats rows', async () => {
  const first = await listRecommendations(db, { ...everything, limit: 10 });
  await addScoredOrder(db.pool, { orderId: 'arrival', deliveredTs: '2027-01-01T00:00:00Z' });
  const second = await listRecommendations(db, { ...everything, limit: 10, cursor: first.nextCursor ?? '' });
  await db.pool.query(`delete from recommender.pg_recommendations where order_id = 'arrival'`);
  expect(second.items).toEqual(all.slice(10, 20));
});

test('an invalid cursor is refused', async () => {
  await expect(listRecommendations(db, { ...everything, cursor: 'x' })).rejects.toBeInstanceOf(
    ValidationError,
  );
});

test('the summary adds up with the queue', async () => {
  const summary = await summarizeRefunds(db);
  const sum = (items: QueueItem[]) =>
    items.reduce((cents, { suggestion }) => cents + (suggestion.refundCents ?? 0), 0);
  const pending = all.filter((item) => item.status === 'pending');
  const count = (refundClass: RefundClass | null) =>
    all.filter(({ suggestion }) => suggestion.refundClass === refundClass).length;
  expect(summary).toEqual({
    recommendations: SIZE,
    pending: pending.length,
    pendingSuggestedCents: sum(pending),
    suggestedCents: sum(all),
    suggestionsByClass: { none: count('none'), partial: count('partial'), full: count('full') },
    withoutAnswer: count(null),
    decisions: 6,
    decidedCents: all.reduce((cents, { decision }) => cents + (decision?.amountCents ?? 0), 0),
    decisionsByClass: { none: 6, partial: 0, full: 0 },
    locations: ['chicago', 'sf'],
    byStatus: {
      queued: 54,
      claimed: 0,
      pending_approval: 0,
      decided: 6,
      reversed: 0,
      snoozed: 0,
      escalated: 0,
    },
  });
});

const signs = { newest: -1, oldest: 1, amount: -1, lateness: -1 };
const keys: Record<QueueQuery['sort'], (item: QueueItem) => number> = {
  newest: (item) => Date.parse(item.deliveredTs),
  oldest: (item) => Date.parse(item.deliveredTs),
  amount: (item) => item.suggestion.refundCents ?? -1,
  lateness: (item) => item.deliveryMinutes,
};

function idOf(n: number): string {
  return `order-${String((n * 37) % SIZE).padStart(2, '0')}`;
}

function orderOf(n: number) {
  const refundClass = n >= 50 ? null : (['none', 'partial', 'full'] as const)[n % 3];
  return {
    refundClass,
    refundUsd: refundClass ? { none: '0', partial: `${1 + (n % 5)}.00`, full: '20.00' }[refundClass] : null,
    source: refundClass ? ('policy' as const) : ('error' as const),
    brandIds: [Number(idOf(n).slice(-2)) % 4, 9],
    location: n % 2 === 0 ? 'sf' : 'chicago',
    minutes: 20 + (n % 6),
    deliveredTs: new Date(Date.UTC(2026, 0, 2, 12, (n % 12) * 5)).toISOString(),
  };
}

async function decide(orderId: string, suggested: RefundClass | null | undefined): Promise<void> {
  const person = { email: 'ana@example.com', role: 'reviewer' } as const;
  await decideRefund(db, person, {
    orderId,
    recommendationId: undefined,
    refundClass: 'none',
    amountUsd: '0',
    reason: `Instead of ${suggested}`,
    reasonCode: 'other',
    idempotencyKey: `key-of-${orderId}`,
  });
}
