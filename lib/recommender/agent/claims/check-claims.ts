import { checkRelations } from './check-relations.ts';
import { type ClaimFacts, type FactSources, gatherFacts, isDerivable } from './claim-facts.ts';
import { readMentions } from './read-mentions.ts';

const NOT = String.raw`(?<!\b(?:not|no|never|without|n't|hardly|isn't|wasn't)\b(?: \w+){0,2} )`;
const LATE = new RegExp(String.raw`${NOT}\b(?:late|delayed|overdue|delay)\b`, 'i');
const ON_TIME = new RegExp(
  String.raw`${NOT}\b(?:on time|in time|on schedule|timely|punctual|promptly)\b`,
  'i',
);

/**
 * Says what in a reason the facts do not bear out: a number that cannot be derived from them, a comparison that is not
 * so, a percentile with another's value, lateness or punctuality that was not. Empty where all holds.
 */
export function checkClaims(reason: string, sources: FactSources): string[] {
  const facts = gatherFacts(sources);
  const sentence = readMentions(reason, facts.names);
  const unknown = sentence.mentions
    .filter((mention) => !isDerivable(mention, facts))
    .map(({ text }) => `${text.trim()} is not in the data`);
  const instants = sentence.instants
    .filter(
      (instant) =>
        !facts.instants.some((known) =>
          known.replace('T', ' ').includes(instant.replace('T', ' ').replace('Z', '')),
        ),
    )
    .map((instant) => `${instant} is not in the data`);
  const problems = [
    ...unknown,
    ...instants,
    ...checkRelations(sentence, facts),
    ...checkWords(sentence.skeleton, facts),
  ];
  return [...new Set(problems)];
}

function checkWords(skeleton: string, { took, limit, refundUsd }: ClaimFacts): string[] {
  const isLate = took > limit;
  const saysOnTime = ON_TIME.test(skeleton);
  if (saysOnTime && isLate) return ['it calls an order on time that was late'];
  if (saysOnTime && refundUsd > 0) return ['it refunds an order that it calls on time'];
  return LATE.test(skeleton) && !saysOnTime && !isLate ? ['it calls an order late that was on time'] : [];
}
