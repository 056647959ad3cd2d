import { z } from 'zod';
import { isVisible } from '#lib/contract/fields.ts';
import { OperatorError } from '#lib/errors.ts';
import { type Cents, parseUsd } from '#lib/money.ts';

/** A step of a policy: above this percentile of the location's deliveries, that share of the order's total. */
export type Tier = { percentile: number; serviceLevelMinutes: number; percent: number };

/** A version of the refund policy, read from its rules. Minutes run from created to delivered. */
export type Policy = {
  version: string;
  description: string;
  /** A window with fewer deliveries does not count; where none does, the tiers' service levels apply. */
  minimumSample: number;
  /** In ascending order of percentile, percent and service level. */
  tiers: Tier[];
  /** Added to every percentile and service level. */
  graceMinutes: number;
  /** An order delivered within base + its slowest brand's preparation time is on time, whatever the percentiles. */
  promise: { baseMinutes: number; unknownPreparationMinutes: number } | null;
  roundingCents: Cents;
  minimumCents: Cents;
  capCents: Cents | null;
  /** Orders that are not delivered this long after they were placed are refunded in full; null: never. */
  undeliveredAfterMinutes: number | null;
  cancelledInFull: boolean;
};

const minutes = z.number().min(0).max(10_080);

const usd = z.number().transform((amount, context): Cents => {
  const cents = parseUsd(String(amount));
  if (cents === undefined || cents < 0)
    context.addIssue({ code: 'custom', message: 'must be dollars of at least 0 in whole cents' });
  return cents ?? z.NEVER;
});

const tierSchema = z
  .strictObject({
    above_percentile: z.number().gt(0).lt(100),
    service_level_minutes: minutes,
    refund_percent: z.int().min(1).max(100),
  })
  .transform(
    (tier): Tier => ({
      percentile: tier.above_percentile,
      serviceLevelMinutes: tier.service_level_minutes,
      percent: tier.refund_percent,
    }),
  );

const rulesSchema = z.strictObject({
  version: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,31}$/, 'must be 1 to 32 lower-case letters, digits, ".", "_" or "-"'),
  description: z.string().trim().max(500).refine(isVisible, 'must say what the policy does'),
  minimum_sample: z.int().min(1).max(100_000),
  tiers: z
    .array(tierSchema)
    .min(1)
    .max(8)
    .refine(
      ascend(({ percentile }) => percentile),
      'must ascend by above_percentile',
    )
    .refine(
      ascend(({ percent }) => percent),
      'must ascend by refund_percent',
    )
    .refine(
      ascend(({ serviceLevelMinutes }) => serviceLevelMinutes),
      'must ascend by service_level_minutes',
    ),
  grace_minutes: minutes,
  promise: z.strictObject({ base_minutes: minutes, unknown_preparation_minutes: minutes }).nullable(),
  rounding_usd: usd.refine((cents) => cents > 0, 'must be more than 0'),
  minimum_usd: usd,
  cap_usd: usd.nullable(),
  full_refund: z.strictObject({
    undelivered_after_minutes: minutes.min(1).nullable(),
    cancelled: z.boolean(),
  }),
});

const policySchema = rulesSchema
  .refine((rules) => rules.cap_usd === null || (rules.cap_usd > 0 && rules.cap_usd >= rules.minimum_usd), {
    path: ['cap_usd'],
    message: 'must be more than 0 and not below minimum_usd',
  })
  .transform(
    (rules): Policy => ({
      version: rules.version,
      description: rules.description,
      minimumSample: rules.minimum_sample,
      tiers: rules.tiers,
      graceMinutes: rules.grace_minutes,
      promise: rules.promise && {
        baseMinutes: rules.promise.base_minutes,
        unknownPreparationMinutes: rules.promise.unknown_preparation_minutes,
      },
      roundingCents: rules.rounding_usd,
      minimumCents: rules.minimum_usd,
      capCents: rules.cap_usd,
      undeliveredAfterMinutes: rules.full_refund.undelivered_after_minutes,
      cancelledInFull: rules.full_refund.cancelled,
    }),
  );

/**
 * Reads the rules of a policy as they are stored and written in files.
 * @param name says which policy or file it is. @throws OperatorError that lists everything that is invalid.
 */
export function parsePolicy(rules: unknown, name: string): Policy {
  const parsed = policySchema.safeParse(rules);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
  throw new OperatorError(`The policy ${name} is invalid: ${problems.join('; ')}.`);
}

function ascend(read: (tier: Tier) => number): (tiers: Tier[]) => boolean {
  return (tiers) => tiers.map(read).every((value, at, all) => at === 0 || value > (all[at - 1] ?? value));
}
