import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evidence } from '#lib/contract/refund.ts';
import { cannedAnswers, selfContradicting } from './canned-answers.testing.ts';
import { checkClaims } from './check-claims.ts';

const evidence: Evidence = {
  policy_version: 'v1',
  delivery_minutes: 39,
  order_total_usd: '20.00',
  location: 'kitchen_7',
  benchmark_source: 'trailing_day',
  window_from: '2026-11-19T12:00:00.000000Z',
  window_to: '2026-11-20T12:00:00.000000Z',
  sample_size: 120,
  p50_minutes: 27.14,
  p75_minutes: 32.8,
  p99_minutes: 38.84,
  refund_percent: 25,
};
const details = {
  order_id: 'A7K2M9',
  total_usd: '20.00',
  lines: [{ qty: 2, price_usd: '10.00' }],
  window_hours: 24,
};
const rules =
  'Above P75 15 % of the total, above P99 25 %, to the nearest $0.50. Fewer than 30 deliveries do not count.';

function check(reason: string, changes: Partial<Evidence> = {}, refundUsd = 5): string[] {
  const names = ['A7K2M9'];
  const sources = { evidence: { ...evidence, ...changes }, refundUsd, given: [details], rules, names };
  return checkClaims(reason, sources);
}

describe('what the data bears out', () => {
  test.each([
    "Delivered in 39.0 min; 99 % of kitchen_7's deliveries in the 24 h before took at most 38.8 min (n = 120). 25 % of the order's $20.00, to the nearest $0.50 and at least that, is $5.00.",
    'The order took 39 minutes, more than the P99 of 38.84 minutes.',
    'Delivery was 6.2 minutes above the P75 (32.80 min) and 0.16 min beyond P99.',
    'Late by 6 min 12 s against P75.',
    'It took thirty-nine minutes, longer than the P99.',
    'Order A7K2M9 from kitchen_7 took 39.00 min, 44 % longer than the median of 27.1.',
    'Its 39 min exceeded the 99th percentile, 38.8 min, so 25 percent of 20.00 dollars is due.',
    "The delivery was late: 39 min is above the location's P99 of 38.84.",
    'Delivered at 12:00 on 2026-11-20, 11.9 min slower than the median; of 120 deliveries 1 % took longer.',
    'Both of the 2 items at $10.00 came late.',
    '٣٩ minutes, above P99.',
    'Later than usual.',
  ])('%s', (reason) => {
    expect(check(reason)).toEqual([]);
  });

  test.each([
    ['On time: 30.1 min is below the P75 of 32.8 min.', { delivery_minutes: 30.1 }],
    ['The delivery took 30.1 min and was not late; P75 is 32.80 min.', { delivery_minutes: 30.1 }],
    ['30.1 min lies between the median of 27.14 and P75 of 32.80.', { delivery_minutes: 30.1 }],
    ['2.7 min under the P75, so nothing is due.', { delivery_minutes: 30.1 }],
  ])('%s', (reason, changes) => {
    expect(check(reason, changes, 0)).toEqual([]);
  });
});

describe('what models write when they keep to the data', () => {
  test.each([
    'The order was delivered in 39 minutes, which is longer than 99% of recent deliveries (P99 = 38.84 minutes).',
    'The delivery took 39.0 minutes compared to the P75 of 32.8 minutes, a delay of 6.2 minutes.',
    'Delivery took 39 min vs. P99 38.84; refund 25% ($5.00) of $20.00 total.',
    "This order was later than 99% of the location's deliveries in the last 24 hours.",
    'At 39.00 minutes, the order exceeded both the 75th percentile (32.80 minutes) and the 99th percentile (38.84 minutes).',
    'Order took 39 minutes; typical P50 is 27.14, P75 32.8 and P99 38.84, so it qualifies for 25%.',
    "The delivery time (39 minutes) is above the location's 99th percentile (38.84 minutes), so a 25% refund of the $20.00 applies.",
    'Delivered 11.86 minutes later than the median and 6.2 min past P75.',
    'The delivery exceeded the P75 (32.8 min) by 6.2 minutes and the P99 (38.84 min) by about 0.2 minutes.',
    'A refund of 25 % is given because it took longer than 38.84 minutes, the P99.',
    'It took over 39 minutes.',
    'The order needed nearly 40 minutes.',
  ])('%s', (reason) => {
    expect(check(reason)).toEqual([]);
  });
});

test('a time that is made up passes by chance in one of ten with whole minutes, one of five hundred with two decimals', () => {
  const share = (times: string[]) =>
    times.filter((time) => check(`It took ${time} minutes.`).length === 0).length / times.length;
  expect(share(Array.from({ length: 81 }, (_, at) => String(at + 10)))).toBeLessThan(0.13);
  expect(share(Array.from({ length: 2_000 }, (_, at) => (10 + at * 0.04).toFixed(2)))).toBeLessThan(0.002);
});

describe('what contradicts the data', () => {
  test.each([
    ['a time of another order', 'The order took 25.35 minutes.', '25.35 minutes is not in the data'],
    ['a time of its own', 'The order took about 3 hours.', '3 hours is not in the data'],
    ['an amount of its own', 'A refund of $999.00 is fair.', '$999.00 is not in the data'],
    ['an amount in words', 'A refund of forty dollars is fair.', '40 dollars is not in the data'],
    ['a share of its own', 'A refund of 80 % is fair.', '80 % is not in the data'],
    ['an amount with its currency before it', 'A refund of USD999 or US$888.', '$888 is not in the data'],
    ['a number with letters behind it', 'It took 47x as long.', '47 is not in the data'],
    ['a count of its own', 'All 500 deliveries were faster.', '500 deliveries is not in the data'],
    ['a time of day of its own', 'Delivered at 14:37.', '14:37 is not in the data'],
    ['digits of another script', 'It took ٤٧ minutes.', '47 minutes is not in the data'],
    ['a number that is nothing', 'See ticket 48213.', '48213 is not in the data'],
    [
      'one percentile with the value of another',
      'It took longer than the P75 of 38.84 min.',
      'P75 is not 38.84 min',
    ],
    ['a comparison the wrong way', 'The 39 min are below the P75 of 32.80 min.', '39 is not within 32.8'],
    ['a comparison with a percentile by name', 'It took less than P75.', '39 is not within 32.8'],
    [
      'a wrong between',
      'The 39 min lie between P75 32.80 and P99 38.84.',
      '39 is not between 32.8 and 38.84',
    ],
    ['a late order called on time', 'The order was on time.', 'it calls an order on time that was late'],
    ['a negation', 'It did not take longer than the P75 of 32.80 min.', '39 is not within 32.8'],
  ])('%s', (_, reason, problem) => {
    expect(check(reason)).toContain(problem);
  });

  test('an id of digits hides no amount, and a short one no word', () => {
    const sources = { evidence, refundUsd: 5, given: [], rules, names: ['999', 'a'] };
    expect(checkClaims('Order 999 took 39 min: a refund of $999 for order #999.', sources)).toEqual([
      '$999 is not in the data',
    ]);
    expect(checkClaims('A refund: it came late.', sources)).toEqual([]);
  });

  test('an order that was on time called late, or refunded', () => {
    const early = { delivery_minutes: 30 };
    expect(check('The order was late.', early, 0)).toEqual(['it calls an order late that was on time']);
    expect(check('It came on time.', early)).toEqual(['it refunds an order that it calls on time']);
    expect(check('Below P75, a goodwill refund.', early)).toEqual([
      'it refunds an order that it calls faster than 32.8',
    ]);
  });
});

describe('the fourteen canned answers', () => {
  const orders = fc.record({
    delivery_minutes: fc.double({ min: 45, max: 90, noNaN: true }),
    p75_minutes: fc.double({ min: 40, max: 60, noNaN: true }),
    p99_minutes: fc.double({ min: 61, max: 99, noNaN: true }),
  });

  test.each(cannedAnswers.map((answer, at) => [at, answer] as const))(
    '%i contradicts any order that it was not made from',
    (_, { reason, refundUsd }) => {
      fc.assert(
        fc.property(orders, (order) => {
          expect(check(reason, order, refundUsd)).not.toEqual([]);
        }),
        { numRuns: 50 },
      );
    },
  );

  test.each(selfContradicting)(
    "$reason contradicts itself even where every number is the order's",
    (answer) => {
      if (!answer) throw new Error('the fixture lost an answer');
      const [took] = /\d+\.\d+/.exec(answer.reason) ?? [];
      expect(check(answer.reason, { delivery_minutes: Number(took) }, answer.refundUsd)).not.toEqual([]);
    },
  );

  test('one that happens to fit its order passes', () => {
    const fitting = { delivery_minutes: 41.2, order_total_usd: '45.36' };
    expect(check(cannedAnswers[10]?.reason ?? '', fitting, 11.34)).toEqual([]);
  });
});

test('a percentile that is off by more than its rounding is found', () => {
  const off = fc.tuple(fc.double({ min: 0.02, max: 30, noNaN: true }), fc.constantFrom(-1, 1));
  fc.assert(
    fc.property(off, ([by, way]) => {
      expect(check(`The P75 was ${(32.8 + by * way).toFixed(2)} min.`)).not.toEqual([]);
    }),
  );
  expect(check('The P75 was 32.80 min.')).toEqual([]);
});
