import { expect, test } from 'vitest';
import { OperatorError } from '#lib/errors.ts';
import { describePolicy } from './describe-policy.ts';
import { policyV1, policyV2, readRules } from './policies.testing.ts';
import { parsePolicy } from './rules.ts';

test('money is read into cents, and a rule that is null does not apply', () => {
  expect(policyV1).toMatchObject({ roundingCents: 50, minimumCents: 50, capCents: null, promise: null });
  expect(policyV2).toMatchObject({ graceMinutes: 5, capCents: 4_000, undeliveredAfterMinutes: 180 });
});

const v1 = readRules('v1') as Record<string, unknown>;
const tiers = (...list: [percentile: number, minutes: number, percent: number][]) => ({
  tiers: list.map(([above_percentile, service_level_minutes, refund_percent]) => ({
    above_percentile,
    service_level_minutes,
    refund_percent,
  })),
});

test.each([
  ['no rules at all', null, /it: /],
  ['an unknown key', { ...v1, bonus: 1 }, /bonus/],
  ['a missing key', { ...v1, cap_usd: undefined }, /cap_usd/],
  ['a version that is not a name', { ...v1, version: 'V 1' }, /version: must be 1 to 32/],
  ['a sample of nothing', { ...v1, minimum_sample: 0 }, /minimum_sample/],
  ['no tiers', { ...v1, tiers: [] }, /tiers/],
  ['tiers out of order', { ...v1, ...tiers([99, 45, 15], [75, 75, 25]) }, /ascend by above_percentile/],
  ['tiers that pay less when later', { ...v1, ...tiers([75, 45, 25], [99, 75, 15]) }, /refund_percent/],
  ['equal service levels', { ...v1, ...tiers([75, 45, 15], [99, 45, 25]) }, /service_level_minutes/],
  ['more than everything', { ...v1, ...tiers([75, 45, 101]) }, /tiers.0.refund_percent/],
  ['a percentile of 100', { ...v1, ...tiers([100, 45, 15]) }, /tiers.0.above_percentile/],
  ['a fraction of a cent', { ...v1, rounding_usd: 0.005 }, /rounding_usd: must be dollars/],
  ['a step of nothing', { ...v1, rounding_usd: 0 }, /rounding_usd: must be more than 0/],
  ['a cap below the minimum', { ...v1, cap_usd: 0.25 }, /cap_usd: must be more than 0 and not below/],
  ['a negative grace', { ...v1, grace_minutes: -1 }, /grace_minutes/],
])('%s is refused by name', (_, rules, message) => {
  expect(() => parsePolicy(rules, 'mine.json')).toThrow(OperatorError);
  expect(() => parsePolicy(rules, 'mine.json')).toThrow(/^The policy mine.json is invalid: /);
  expect(() => parsePolicy(rules, 'mine.json')).toThrow(message);
});

test('everything that is invalid is named at once', () => {
  const rules = { ...v1, minimum_sample: 0, grace_minutes: 'five' };
  expect(() => parsePolicy(rules, 'x')).toThrow(/minimum_sample.*grace_minutes/);
});

test('a policy in words, one rule a line', () => {
  expect(describePolicy(policyV2).split('\n')).toEqual([
    "An order later than 75 % of its location's deliveries by more than 5 minutes gets 15 % of its total.",
    "An order later than 99 % of its location's deliveries by more than 5 minutes gets 25 % of its total.",
    'An order that is not later than that gets nothing.',
    "The location's deliveries are those of the 24 hours up to the order's own, or of 7 days where those are fewer than 30.",
    'With fewer than 30 again, the service levels count instead: 45 and 75 minutes.',
    "An order that comes within 30 minutes and its slowest brand's preparation time (12 minutes where it is not known) gets nothing in any case.",
    "Amounts are rounded to $0.50, at least $0.50, at most $40.00, and never above the order's total.",
    'An order that is not delivered within 180 minutes is refunded in full.',
    'A cancelled order is refunded in full.',
  ]);
});
