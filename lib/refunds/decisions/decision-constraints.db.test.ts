import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { type RefundClass, refundClasses } from '#lib/contract/refund.ts';
import { AppError } from '#lib/errors.ts';
import { type Cents, parseUsd, toDecimal } from '#lib/money.ts';
import { addScoredOrder, liftLimit } from '../orders.testing.ts';
import { decideRefund } from './decide-refund.ts';

let db: TestDatabase;
let count = 0;
beforeAll(async () => {
  db = await createTestDatabase();
  await liftLimit(db.pool);
});
afterAll(() => db.close());

test.each([
  ['above the total', 'partial', '20.01'],
  ['above the total, as a full refund', 'full', '20.01'],
  ['a full refund below the total', 'full', '19.99'],
  ['a partial refund of the total', 'partial', '20.00'],
  ['a partial refund of nothing', 'partial', '0'],
  ['no refund with money', 'none', '0.01'],
  ['a negative amount', 'partial', '-1'],
  ['NaN', 'partial', 'NaN'],
  ['Infinity', 'full', 'Infinity'],
])('the database refuses %s', async (_, refundClass, amount) => {
  expect(await insert(await newOrder('20.00'), refundClass, amount)).toMatch(/^(23514|22003)$/);
});

test('the database refuses a total that is not the order’s, an unknown order and an empty reason', async () => {
  const orderId = await newOrder('20.00');
  expect(await insert(orderId, 'partial', '20.01', { total: '30' })).toBe('23514');
  expect(await insert('unknown', 'none', '0')).toBe('23503');
  expect(await insert(orderId, 'none', '0', { reason: '  ' })).toBe('23514');
});

test('the database keeps one root per order, and one successor per decision of the same order', async () => {
  const orderId = await newOrder('20.00');
  expect(await insert(orderId, 'none', '0')).toBe('written');
  expect(await insert(orderId, 'none', '0')).toBe('23505');
  const { rows } = await db.pool.query('select max(id) as id from refunds.refund_decisions');
  const supersedes = rows[0]?.id;
  expect(await insert(await newOrder('20.00'), 'none', '0', { supersedes })).toBe('23503');
  expect(await insert(orderId, 'full', '20.00', { supersedes })).toBe('23514');
  expect(await insert(orderId, 'none', '0', { supersedes, kind: 'undo' })).toBe('written');
  expect(await insert(orderId, 'none', '0', { supersedes, kind: 'undo' })).toBe('23505');
});

test.each([
  `update refunds.refund_decisions set reason = 'other'`,
  'delete from refunds.refund_decisions',
  'truncate refunds.refund_decisions cascade',
])('the database refuses %s', async (statement) => {
  await insert(await newOrder('20.00'), 'none', '0');
  await expect(db.pool.query(statement)).rejects.toMatchObject({ code: '42501' });
});

test('code and database agree on every amount and class, and refuse every amount above the total', async () => {
  const cents = fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 20_000_000 }));
  const cases = fc.record({
    total: cents,
    offset: fc.oneof(fc.constantFrom(-1, 0, 1), fc.integer({ min: -3000, max: 3000 })),
    relative: fc.boolean(),
    amount: cents,
    refundClass: fc.constantFrom(...refundClasses),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ total, offset, relative, amount, refundClass }) => {
      const asked = relative ? Math.max(total + offset, 0) : amount;
      const allowed = isCoherent(refundClass, asked, total);
      expect(await decideInCode(refundClass, asked, total)).toBe(allowed);
      expect(
        (await insert(await newOrder(toDecimal(total)), refundClass, toDecimal(asked))) === 'written',
      ).toBe(allowed);
    }),
    { numRuns: 300 },
  );
});

/** As many as fit a test; with 100,000 none passes either. */
const FORGERIES = 10_000;

test(`none of ${FORGERIES} inconsistent decisions by direct SQL is accepted`, async () => {
  const orderId = await newOrder('20.00');
  await db.pool.query(`
    create function refunds.forge(seed integer, tries integer) returns integer language plpgsql as $$
    declare
      passed integer := 0;
      cents integer;
      class text;
    begin
      perform setseed(seed / 100.0);
      for n in 1..tries loop
        cents := floor(random() * 6000) - 1000;
        class := (array['none', 'partial', 'full'])[1 + floor(random() * 3)::integer];
        continue when (class = 'none' and cents = 0) or (class = 'full' and cents = 2000)
          or (class = 'partial' and cents between 1 and 1999);
        begin
          insert into refunds.refund_decisions (order_id, amount_usd, refund_class, reason, decided_by, order_total_usd,
            recommendation_id, source_suggestion, idempotency_key, request_hash)
          values ('${orderId}', cents / 100.0, class, 'forged', 'root', (array[20, cents / 100.0, 1000])[1 + n % 3], 1, '{}',
            'forged-' || n, '');
          passed := passed + 1;
        exception when check_violation then null;
        end;
      end loop;
      return passed;
    end $$`);
  for (let batch = 0; batch < 10; batch++) {
    const { rows } = await db.pool.query('select refunds.forge($1, $2) as passed', [batch, FORGERIES / 10]);
    expect(rows).toEqual([{ passed: 0 }]);
  }
});

test('a text that is not a plain amount is never accepted', async () => {
  const orderId = await newOrder('20.00');
  const noise = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.double().map(String),
    fc.stringMatching(/^[\d.,eE+-]*$/),
  );
  await fc.assert(
    fc.asyncProperty(noise, async (text) => {
      fc.pre(!/^\d{1,10}(\.\d{1,2})?$/.test(text) || (parseUsd(text) ?? 0) > 2000);
      await expect(decide(orderId, 'partial', text)).rejects.toBeInstanceOf(AppError);
    }),
    { numRuns: 500 },
  );
});

/** The rule once more, in other words than the code's. */
function isCoherent(refundClass: RefundClass, amount: Cents, total: Cents): boolean {
  if (amount > total) return false;
  const expected = amount === 0 ? ['none'] : [amount === total ? 'full' : 'partial'];
  return expected.includes(refundClass);
}

async function decideInCode(refundClass: RefundClass, amount: Cents, total: Cents): Promise<boolean> {
  return decide(await newOrder(toDecimal(total)), refundClass, toDecimal(amount)).then(
    () => true,
    (error: unknown) => {
      if (error instanceof AppError) return false;
      throw error;
    },
  );
}

async function newOrder(totalUsd: string): Promise<string> {
  const orderId = `order-${count++}`;
  await addScoredOrder(db.pool, { orderId, totalUsd, refundClass: 'none', refundUsd: '0' });
  return orderId;
}

function decide(orderId: string, refundClass: RefundClass, amountUsd: string) {
  const person = { email: 'ana@example.com', role: 'reviewer' } as const;
  const request = {
    orderId,
    recommendationId: undefined,
    refundClass,
    amountUsd,
    reason: 'It came late',
    reasonCode: 'other' as const,
  };
  return decideRefund(db, person, { ...request, idempotencyKey: `key-${orderId}-${count++}` });
}

type Handmade = { total?: string; reason?: string; supersedes?: string; kind?: string };

/** Writes by direct SQL. @returns "written", or the SQLSTATE of the refusal. */
async function insert(
  orderId: string,
  refundClass: string,
  amount: string,
  { total, reason = 'by hand', supersedes, kind = 'decision' }: Handmade = {},
): Promise<string> {
  return db.pool
    .query(
      `insert into refunds.refund_decisions (order_id, amount_usd, refund_class, reason, decided_by,
         order_total_usd, recommendation_id, source_suggestion, supersedes_id, idempotency_key, request_hash, kind)
       values ($1, $2, $3, $4, 'root', coalesce($5, (select order_total_usd from recommender.pg_recommendations
         where order_id = $1), 0), 1, '{}', $6, $7, '', $8)`,
      [orderId, amount, refundClass, reason, total ?? null, supersedes ?? null, `by-hand-${count++}`, kind],
    )
    .then(
      () => 'written',
      (error: { code: string }) => error.code,
    );
}
