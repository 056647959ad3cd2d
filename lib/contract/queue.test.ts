import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { caseStatuses } from './case.ts';
import { encode } from './codec.ts';
import {
  encodeQueuePage,
  encodeSummary,
  queueItemSchema,
  queuePageSchema,
  queueQuerySchema,
  summarySchema,
} from './queue.ts';
import { recommendationSources, refundClasses } from './refund.ts';

const cents = fc.integer({ min: 0, max: 99_999_999_999 });
const id = fc.integer({ min: 1 }).map(String);
const instant = fc
  .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
  .map((at) => at.toISOString());
const minutes = fc.double({ min: 0, max: 1e4, noNaN: true }).map((value) => value + 0);
const refundClass = fc.constantFrom(...refundClasses);
const orNull = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: null });

const evidence = fc.record({
  policy_version: fc.string(),
  delivery_minutes: minutes,
  order_total_usd: fc.constant('12.50'),
  location: orNull(fc.string()),
  benchmark_source: fc.constantFrom(
    'trailing_day' as const,
    'trailing_week' as const,
    'service_level' as const,
  ),
  window_from: orNull(instant),
  window_to: orNull(instant),
  sample_size: fc.nat(),
  p50_minutes: orNull(minutes),
  p75_minutes: minutes,
  p99_minutes: minutes,
});
const facts = fc.record({
  created_at: instant,
  delivered_at: orNull(instant),
  promised_at: orNull(instant),
  total: fc.constant('12.50'),
  lines: fc.nat(),
});
const item = fc.record({
  orderId: fc.string({ minLength: 1 }),
  location: orNull(fc.string()),
  orderTs: instant,
  deliveredTs: instant,
  deliveryMinutes: minutes,
  orderTotalCents: cents,
  suggestion: fc.record({
    recommendationId: id,
    scoredTs: instant,
    refundClass: orNull(refundClass),
    refundCents: orNull(cents),
    reason: fc.string(),
    source: fc.constantFrom(...recommendationSources),
    model: orNull(fc.string()),
    policyVersion: fc.string(),
    promptVersion: fc.option(fc.string()),
    evidence,
    facts: orNull(facts),
  }),
  decision: orNull(
    fc.record({
      id,
      kind: fc.constantFrom('decision' as const, 'reversal' as const),
      orderId: fc.string(),
      decidedTs: instant,
      refundClass,
      amountCents: cents,
      reason: fc.string(),
      reasonCode: orNull(fc.string()),
      decidedBy: fc.string(),
      approvedBy: orNull(fc.string()),
      supersedesId: orNull(id),
    }),
  ),
  status: fc.constantFrom('pending' as const, 'decided' as const),
  caseStatus: fc.constantFrom(...caseStatuses),
  assignee: orNull(fc.string()),
  dueTs: orNull(instant),
  factsChanged: fc.boolean(),
});
const byClass = fc.record({ none: fc.nat(), partial: fc.nat(), full: fc.nat() });
const byStatus = fc.record({
  queued: fc.nat(),
  claimed: fc.nat(),
  pending_approval: fc.nat(),
  decided: fc.nat(),
  reversed: fc.nat(),
  snoozed: fc.nat(),
  escalated: fc.nat(),
});
const overWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('a page of the queue comes through JSON as it was, to the cent', () => {
  const pages = fc.record({ items: fc.array(item), total: fc.nat(), nextCursor: orNull(fc.string()) });
  fc.assert(
    fc.property(pages, (page) => {
      expect(queuePageSchema.parse(overWire(encodeQueuePage(page, { limit: 50 })))).toEqual({
        ...page,
        ...{ limit: 50, offset: 0, hasMore: page.nextCursor !== null },
      });
    }),
  );
});

test('the summary comes through JSON as it was', () => {
  const summaries = fc.record({
    recommendations: fc.nat(),
    pending: fc.nat(),
    pendingSuggestedCents: cents,
    suggestedCents: cents,
    suggestionsByClass: byClass,
    withoutAnswer: fc.nat(),
    decisions: fc.nat(),
    decidedCents: cents,
    decisionsByClass: byClass,
    locations: fc.array(fc.string()),
    byStatus,
  });
  fc.assert(
    fc.property(summaries, fc.boolean(), (summary, includeZero) => {
      const left = includeZero ? 0 : summary.suggestionsByClass.none;
      expect(summarySchema.parse(overWire(encodeSummary(summary, includeZero)))).toEqual({
        ...summary,
        recommendationsCount: summary.recommendations - left,
      });
    }),
  );
});

test('what is written is what zod would write after its checks', () => {
  fc.assert(
    fc.property(item, (each) => {
      expect(encode(queueItemSchema, each)).toEqual(z.encode(queueItemSchema, each));
    }),
  );
});

test('JSON carries the names of the API: dollars as numbers, "applied" for what is decided', () => {
  const [sample] = fc.sample(item, { numRuns: 1, seed: 1 });
  if (!sample) throw new RangeError('no sample');
  const page = {
    items: [{ ...sample, orderTotalCents: 1250, status: 'decided' as const }],
    total: 9,
    nextCursor: 'c',
  };
  expect(encodeQueuePage(page, { limit: 1, offset: 3 })).toMatchObject({
    items: [{ order_id: sample.orderId, order_total_usd: 12.5, status: 'applied' }],
    limit: 1,
    offset: 3,
    total: 9,
    has_more: true,
    next_cursor: 'c',
  });
});

test('a query of the queue comes through an address as it was', () => {
  const query = {
    status: 'pending',
    refundClass: 'unanswered',
    location: 'sf & co',
    includeZero: false,
    source: 'agent',
    brand: 7,
    minUsd: '4.50',
    maxUsd: '1000',
    minMinutes: 30.5,
    olderThanMinutes: 60,
    assignee: 'ana@example.com',
    search: 'A_%',
    sort: 'amount',
    cursor: 'abc',
    limit: 25,
    offset: 0,
  } as const;
  expect(queueQuerySchema.parse(encode(queueQuerySchema, query))).toEqual(query);
});

test.each([
  'limit=0',
  'limit=-1',
  'limit=201',
  'limit=x',
  'offset=100001',
  'offset=-1',
  'offset=50&cursor=abc',
  'sort=reason',
  'status=x',
  'location=%00',
  'brand=1.5',
  'min_usd=1e3',
  'min_usd=-1',
  'search=%00',
  'source=model',
])('the query %s is refused', (text) => {
  expect(queueQuerySchema.safeParse(Object.fromEntries(new URLSearchParams(text))).success).toBe(false);
});
