import type { AgentGround, Evidence } from '#lib/contract/refund.ts';

/** The facts that grounds are held against: what the policy measured, and whether a person added a note. */
export type GroundFacts = { evidence: Evidence; hasNote: boolean };

type Definition = {
  /** What it says, for the prompt. */
  meaning: string;
  /** The side of the policy's amount that it allows; without one it only explains. */
  allows?: 'less' | 'more';
  holds(facts: GroundFacts): boolean;
  /** The sentence for people; asked only where it holds. */
  describe(facts: GroundFacts): string;
};

/** How near to a limit an order must be for that to count. */
export const NEAR_MINUTES = 1;
const LONG = 2;

/**
 * All grounds that a model may give for its amount. Each is decided by facts alone: one that does not hold makes an answer
 * unusable, and an amount that is not the policy's own needs one that allows it.
 */
const definitions: Record<AgentGround, Definition> = {
  on_time: {
    meaning: 'it took no longer than the first limit',
    holds: ({ evidence }) => countPassed(evidence) === 0,
    describe: ({ evidence }) => `It was on time: the first limit is ${minutes(limitAt(evidence, 0))}.`,
  },
  late: {
    meaning: 'it took longer than the first limit',
    holds: ({ evidence }) => countPassed(evidence) > 0,
    describe: ({ evidence }) => `It was late: the first limit is ${minutes(limitAt(evidence, 0))}.`,
  },
  very_late: {
    meaning: 'it took longer than the last of several limits',
    holds: ({ evidence }) =>
      limitsOf(evidence).length > 1 && countPassed(evidence) === limitsOf(evidence).length,
    describe: ({ evidence }) => `It was very late: the last limit is ${minutes(limitAt(evidence, -1))}.`,
  },
  just_late: {
    meaning: `it passed its limit by at most ${NEAR_MINUTES * 60} seconds`,
    allows: 'less',
    holds: ({ evidence }) => isBetween(minutesPastLimit(evidence), 0, NEAR_MINUTES),
    describe: ({ evidence }) =>
      `It passed its limit of ${minutes(limitAt(evidence, countPassed(evidence) - 1))} by ${seconds(minutesPastLimit(evidence))}.`,
  },
  near_next_limit: {
    meaning: `it missed the next limit by at most ${NEAR_MINUTES * 60} seconds`,
    allows: 'more',
    holds: ({ evidence }) => isBetween(minutesToNextLimit(evidence), 0, NEAR_MINUTES),
    describe: ({ evidence }) =>
      `The next limit of ${minutes(limitAt(evidence, countPassed(evidence)))} was ${seconds(minutesToNextLimit(evidence))} away.`,
  },
  long_wait: {
    meaning: `it took at least ${LONG} times the P50 of its location`,
    allows: 'more',
    holds: ({ evidence: { p50_minutes: p50, delivery_minutes: took } }) =>
      p50 !== null && p50 > 0 && took >= LONG * p50,
    describe: ({ evidence: { p50_minutes: p50, delivery_minutes: took } }) =>
      `It took ${(Math.floor((took / (p50 ?? took)) * 10) / 10).toFixed(1)} times the P50 of ${minutes(p50 ?? took)}.`,
  },
  past_promise: {
    meaning: 'it took longer than was promised',
    allows: 'more',
    holds: ({ evidence: { promised_minutes: promised, delivery_minutes: took } }) =>
      isNumber(promised) && took > promised,
    describe: ({ evidence }) => `Promised were ${minutes(evidence.promised_minutes ?? 0)}.`,
  },
  within_promise: {
    meaning: 'it took no longer than was promised',
    allows: 'less',
    holds: ({ evidence: { promised_minutes: promised, delivery_minutes: took } }) =>
      isNumber(promised) && took <= promised,
    describe: ({ evidence }) =>
      `It came within the ${minutes(evidence.promised_minutes ?? 0)} that were promised.`,
  },
  thin_sample: {
    meaning: 'the 24 hours before hold too few deliveries to compare with',
    holds: ({ evidence }) => evidence.benchmark_source !== 'trailing_day',
    describe: ({ evidence: { benchmark_source: source, sample_size: size } }) =>
      source === 'trailing_week'
        ? `The 24 hours before hold too few deliveries, so the 7 days count (n = ${size}).`
        : `There are too few deliveries to compare with (n = ${size}), so the service level counts.`,
  },
  reviewer_note: {
    meaning: 'a reviewer asks you to consider a note',
    allows: 'more',
    holds: ({ hasNote }) => hasNote,
    describe: () => "A reviewer's note was considered.",
  },
};

/** The grounds with their meanings, one a line, for the prompt. */
export function describeGrounds(): string {
  return Object.entries(definitions)
    .map(([ground, { meaning, allows }]) => `- ${ground}: ${meaning}${allows ? `; allows ${allows}` : ''}`)
    .join('\n');
}

/** Those of the grounds that the facts deny. */
export function findUnfounded(grounds: readonly AgentGround[], facts: GroundFacts): AgentGround[] {
  return grounds.filter((ground) => !definitions[ground].holds(facts));
}

/** Whether one of the grounds, all of which hold, allows an amount on that side of the policy's. */
export function allows(grounds: readonly AgentGround[], side: 'less' | 'more'): boolean {
  return grounds.some((ground) => definitions[ground].allows === side);
}

/** Grounds that hold, in sentences, in the order of the list. */
export function explainGrounds(grounds: readonly AgentGround[], facts: GroundFacts): string {
  return Object.entries(definitions)
    .filter(([ground]) => grounds.includes(ground as AgentGround))
    .map(([, { describe }]) => describe(facts))
    .join(' ');
}

function limitsOf({ limits = [] }: Evidence): number[] {
  return limits.map(({ above_minutes }) => above_minutes);
}

function limitAt(evidence: Evidence, at: number): number {
  return limitsOf(evidence).at(at) ?? evidence.delivery_minutes;
}

function countPassed(evidence: Evidence): number {
  return limitsOf(evidence).filter((limit) => evidence.delivery_minutes > limit).length;
}

/** NaN where no limit is passed. */
function minutesPastLimit(evidence: Evidence): number {
  const passed = countPassed(evidence);
  return passed === 0 ? Number.NaN : evidence.delivery_minutes - limitAt(evidence, passed - 1);
}

/** NaN where the order is on time, or past the last limit. */
function minutesToNextLimit(evidence: Evidence): number {
  const passed = countPassed(evidence);
  const next = passed === 0 ? undefined : limitsOf(evidence)[passed];
  return next === undefined ? Number.NaN : next - evidence.delivery_minutes;
}

function isBetween(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function minutes(value: number): string {
  return `${value.toFixed(1)} min`;
}

function seconds(value: number): string {
  return `${Math.ceil(value * 60)} s`;
}
