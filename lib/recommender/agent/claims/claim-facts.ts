import type { Evidence } from '#lib/contract/refund.ts';
import { type Mention, type MentionKind, readMentions } from './read-mentions.ts';

/** All that a reason may speak of: numbers by kind, the delivery time and the percentiles by name, instants, names. */
export type ClaimFacts = {
  took: number;
  /** The minutes above which the policy grants something. */
  limit: number;
  refundUsd: number;
  percentiles: ReadonlyMap<number, number>;
  numbers: Readonly<Record<MentionKind, readonly number[]>>;
  instants: readonly string[];
  names: readonly string[];
};

export type FactSources = {
  evidence: Evidence;
  /** What is refunded in the end, in dollars. */
  refundUsd: number;
  /** What tools returned, and any other JSON that a reason may quote. */
  given: readonly unknown[];
  /** Sentences whose numbers may be quoted, one without a unit as anything: the policy in words. */
  rules: string;
  names: readonly string[];
};

/** The window's length, what a percentile leaves above itself, and the percentiles' own names. */
const constants = { minutes: [1_440, 10_080], percent: [1, 25, 50, 75, 99] };

/** Gathers the numbers that a reason can be derived from: those given, and the differences and shares of them. */
export function gatherFacts({ evidence, refundUsd, given, rules, names }: FactSources): ClaimFacts {
  const { delivery_minutes: took, p50_minutes: p50, p75_minutes: p75, p99_minutes: p99 } = evidence;
  const leaves = [evidence, ...given].flatMap((source) => listLeaves(source, ''));
  const quoted = readMentions(rules).mentions;
  const stated = (kind: MentionKind) => [
    ...leaves.filter((leaf) => leaf.kind === kind).map(({ value }) => value),
    ...quoted.filter((mention) => [kind, 'bare'].includes(mention.kind)).map(({ value }) => value),
  ];
  const minutes = [...stated('minutes'), ...constants.minutes];
  const norms = [p50, p75, p99].filter((norm) => norm !== null);
  const total = Number(evidence.order_total_usd);
  const numbers = {
    minutes: [...minutes, ...minutes.map((other) => Math.abs(took - other)), p99 - p75],
    money: [...stated('money'), refundUsd, total - refundUsd, 0],
    percent: [
      ...stated('percent'),
      ...constants.percent,
      ...norms.map((norm) => Math.abs(took / norm - 1) * 100),
      ...(total > 0 ? [(refundUsd / total) * 100] : []),
      0,
    ],
    count: stated('count'),
    bare: stated('bare'),
  };
  return {
    took,
    limit: evidence.limits?.[0]?.above_minutes ?? p75,
    refundUsd,
    percentiles: new Map([...(p50 === null ? [] : [[50, p50] as const]), [75, p75], [99, p99]]),
    numbers: { ...numbers, bare: Object.values(numbers).flat() },
    instants: leaves.flatMap(({ instant }) => instant ?? []),
    names: [...names, ...(evidence.location === null ? [] : [evidence.location])],
  };
}

/** Whether a mention is one of the numbers of its kind, rounded as it is written. */
export function isDerivable({ kind, value, step }: Mention, { numbers }: ClaimFacts): boolean {
  return numbers[kind].some((number) => Math.abs(number - value) <= step / 2 + 1e-9);
}

type Leaf = { kind: MentionKind; value: number; instant?: string };

/** The numbers of a JSON value with the kind that their key says. */
function listLeaves(value: unknown, key: string): Leaf[] {
  if (Array.isArray(value)) return value.flatMap((item) => listLeaves(item, key));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, item]) => listLeaves(item, name));
  if (typeof value === 'string' && /_(?:ts|from|to)$/.test(key))
    return [{ kind: 'bare', value: Number.NaN, instant: value }];
  const number = typeof value === 'string' && /_usd$/.test(key) ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) return [];
  if (/seconds$/.test(key)) return [{ kind: 'minutes', value: number / 60 }];
  if (/hours$/.test(key)) return [{ kind: 'minutes', value: number * 60 }];
  return [{ kind: kindOf(key), value: number }];
}

function kindOf(key: string): MentionKind {
  if (/minutes$/.test(key)) return 'minutes';
  if (/_usd$/.test(key)) return 'money';
  return /percent$/.test(key) ? 'percent' : 'count';
}
