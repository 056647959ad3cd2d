import { formatUsd } from '#lib/money.ts';
import type { Policy } from './rules.ts';

/** A policy in words, one rule a line: for people, and for a model that is asked about an order. */
export function describePolicy(policy: Policy): string {
  return [
    ...policy.tiers.map(
      ({ percentile, percent }) =>
        `An order later than ${percentile} % of its location's deliveries${describeGrace(policy)} gets ${percent} % of its total.`,
    ),
    'An order that is not later than that gets nothing.',
    `The location's deliveries are those of the 24 hours up to the order's own, or of 7 days where those are fewer than ${policy.minimumSample}.`,
    `With fewer than ${policy.minimumSample} again, the service levels count instead: ${describeServiceLevels(policy)} minutes.`,
    ...describePromise(policy),
    describeAmounts(policy),
    ...describeFullRefunds(policy),
  ].join('\n');
}

function describeGrace({ graceMinutes }: Policy): string {
  return graceMinutes === 0 ? '' : ` by more than ${graceMinutes} minutes`;
}

function describeServiceLevels({ tiers }: Policy): string {
  return tiers.map(({ serviceLevelMinutes }) => serviceLevelMinutes).join(' and ');
}

function describePromise({ promise }: Policy): string[] {
  if (!promise) return [];
  const { baseMinutes, unknownPreparationMinutes } = promise;
  return [
    `An order that comes within ${baseMinutes} minutes and its slowest brand's preparation time (${unknownPreparationMinutes} minutes where it is not known) gets nothing in any case.`,
  ];
}

function describeAmounts({ roundingCents, minimumCents, capCents }: Policy): string {
  const most = capCents === null ? '' : `, at most ${formatUsd(capCents)}`;
  return `Amounts are rounded to ${formatUsd(roundingCents)}, at least ${formatUsd(minimumCents)}${most}, and never above the order's total.`;
}

function describeFullRefunds({ undeliveredAfterMinutes, cancelledInFull }: Policy): string[] {
  const undelivered =
    undeliveredAfterMinutes === null
      ? []
      : [`An order that is not delivered within ${undeliveredAfterMinutes} minutes is refunded in full.`];
  return cancelledInFull ? [...undelivered, 'A cancelled order is refunded in full.'] : undelivered;
}
