import type { ClaimFacts } from './claim-facts.ts';
import type { ReadSentence } from './read-mentions.ts';

/** A quantity of the skeleton: a number, or a percentile by its name, the number it is given beside it. */
const QUANTITY = String.raw`(?:@\d+(?: ?(?:of|is|was|=|:|at|\() ?(?:about )?)?#\d+\)?|@\d+|#\d+ ?\(?@\d+\)?|#\d+)`;
const FILLER =
  "(?: (?:the|its|a|an|this|that|our|their|location's|kitchen's|usual|typical|of|at|in|threshold|limit|benchmark|mark|percentile|value))*";
const NOT_MORE =
  'less than|below|under|within|faster than|quicker than|shorter than|at most|no more than|not more than|at or below|lower than|smaller than|up to|does not exceed|did not exceed|not above|not over';
const MORE =
  'more than|above|over|exceeds?|exceeded|exceeding|beyond|longer than|slower than|later than|greater than|higher than|past';
const BETWEEN = new RegExp(
  String.raw`\bbetween${FILLER} (${QUANTITY})[^.;]{0,20}? and${FILLER} (${QUANTITY})`,
  'gi',
);
const COMPARED = new RegExp(
  String.raw`\b(?:(?<least>${NOT_MORE})|(?<most>${MORE}))${FILLER} (?<than>${QUANTITY})`,
  'gi',
);
const NAMED = /@(\d+)(?: ?(?:of|is|was|=|:|at|\()) ?(?:about )?#(\d+)|#(\d+) ?\(?@(\d+)\)?/gi;
/** Sentences about other orders than the one at hand. */
const OTHERS = /deliveries|orders|others|location took|kitchen took|fewer than/i;

/** What the skeleton of a sentence says about how numbers stand to each other, where that is not so. */
export function checkRelations(sentence: ReadSentence, facts: ClaimFacts): string[] {
  return sentence.skeleton
    .split(/[.;!?](?:\s|$)/)
    .flatMap((clause) => [
      ...checkNames(clause, sentence, facts),
      ...(OTHERS.test(clause) ? [] : checkOrder(clause, sentence, facts)),
    ]);
}

/** A number that is said to be a percentile is that percentile. */
function checkNames(clause: string, { mentions }: ReadSentence, { percentiles }: ClaimFacts): string[] {
  return [...clause.matchAll(NAMED)].flatMap(([, before, number, otherNumber, behind]) => {
    const mention = mentions[Number(number ?? otherNumber)];
    const named = percentiles.get(Number(before ?? behind));
    if (!mention || named === undefined || !isTime(mention.kind)) return [];
    const fits = Math.abs(named - mention.value) <= mention.step / 2 + 1e-9;
    return fits ? [] : [`P${before ?? behind} is not ${mention.text}`];
  });
}

function checkOrder(clause: string, sentence: ReadSentence, facts: ClaimFacts): string[] {
  const between = [...clause.matchAll(BETWEEN)].flatMap((match) => {
    const subject = subjectOf(clause.slice(0, match.index), sentence, facts);
    const [low, high] = [minutesOf(match[1], sentence, facts), minutesOf(match[2], sentence, facts)];
    if (low === undefined || high === undefined || (subject >= low && subject <= high)) return [];
    return [`${show(subject)} is not between ${show(low)} and ${show(high)}`];
  });
  const compared = [...clause.matchAll(COMPARED)].flatMap((match) => {
    const than = minutesOf(match.groups?.than, sentence, facts);
    if (than === undefined) return [];
    const before = clause.slice(0, match.index);
    const negated = /\b(?:not|never|without|n't)(?: \w+){0,2} $/i.test(before);
    const isMore = (match.groups?.most !== undefined) !== negated;
    const subject = isDistance(before, than, sentence, facts)
      ? facts.took
      : subjectOf(before, sentence, facts);
    if (subject === facts.took && isItself(match.groups?.than, sentence, facts)) return [];
    return judge(subject, than, isMore, facts);
  });
  return [...between, ...compared];
}

/** Whether a number is the delivery time itself with its fraction left out: "over 39 min" for 39.4. */
function isItself(quantity: string | undefined, { mentions }: ReadSentence, { took }: ClaimFacts): boolean {
  const mention = mentions[Number(/^#(\d+)$/.exec(quantity ?? '')?.[1])];
  return mention !== undefined && Math.abs(took - mention.value) < mention.step;
}

/** Whether the number just before is by how much the delivery time differs: "6.2 min above P75". */
function isDistance(before: string, than: number, { mentions }: ReadSentence, { took }: ClaimFacts): boolean {
  const mention = mentions[Number(/#(\d+) $/.exec(before)?.[1])];
  return mention !== undefined && Math.abs(Math.abs(took - than) - mention.value) <= mention.step / 2 + 1e-9;
}

function judge(subject: number, than: number, isMore: boolean, { limit, refundUsd }: ClaimFacts): string[] {
  if (isMore) return subject > than ? [] : [`${show(subject)} is not more than ${show(than)}`];
  if (subject > than) return [`${show(subject)} is not within ${show(than)}`];
  return refundUsd > 0 && than <= limit
    ? [`it refunds an order that it calls faster than ${show(than)}`]
    : [];
}

/** What is compared: the last time named before, or the delivery time itself. */
function subjectOf(before: string, sentence: ReadSentence, facts: ClaimFacts): number {
  const named = [...before.matchAll(/#(\d+)/g)]
    .map(([, at]) => sentence.mentions[Number(at)])
    .filter((mention) => mention !== undefined && isTime(mention.kind));
  return named.at(0)?.value ?? facts.took;
}

/** The value of a quantity in minutes: as the sentence gives it, else as the facts do. */
function minutesOf(
  quantity: string | undefined,
  { mentions }: ReadSentence,
  facts: ClaimFacts,
): number | undefined {
  const number = /#(\d+)/.exec(quantity ?? '')?.[1];
  const mention = number === undefined ? undefined : mentions[Number(number)];
  if (mention) return isTime(mention.kind) ? mention.value : undefined;
  const name = /@(\d+)/.exec(quantity ?? '')?.[1];
  return name === undefined ? undefined : facts.percentiles.get(Number(name));
}

function isTime(kind: string): boolean {
  return kind === 'minutes' || kind === 'bare';
}

function show(minutes: number): string {
  return String(Number(minutes.toFixed(2)));
}
