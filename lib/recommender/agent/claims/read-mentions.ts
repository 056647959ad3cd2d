/** What a number in a sentence is of. `bare` has no unit and may be anything. */
export type MentionKind = 'minutes' | 'money' | 'percent' | 'count' | 'bare';

/** A number as a sentence gives it: in minutes, dollars, percent or pieces, known to `step`. */
export type Mention = { text: string; kind: MentionKind; value: number; step: number };

/**
 * The numbers of a sentence, and its skeleton: the sentence with `#0`, `#1` … for the numbers with their units, and
 * `@75` for a percentile that is named (P75, 75th percentile). Instants and dates stay apart, as they are written.
 */
export type ReadSentence = { mentions: Mention[]; instants: string[]; skeleton: string };

const NUMBER = String.raw`\d+(?:\.\d+)?`;
const MINUTE = String.raw`(?:minutes?|mins?)\b`;
const SECOND = String.raw`(?:seconds?|secs?|s)\b`;
const PIECES = String.raw`(?:(?:past|recent|other|earlier|delivered) )?(?:deliveries|delivery|orders?|items?|lines?|pieces?)\b`;
const QUANTITY = new RegExp(
  [
    String.raw`(?<![\w#@.])(?:\$ ?(?<usd>${NUMBER})|(?<dollars>${NUMBER}) ?(?:usd|us dollars?|dollars?)\b`,
    String.raw`(?<percent>${NUMBER}) ?-?(?:%|percent\b|per cent\b)`,
    `(?<min>${NUMBER})[ -]?${MINUTE}(?: (?:and )?(?<sec>${NUMBER}) ?${SECOND})?`,
    `(?<seconds>${NUMBER})[ -]?${SECOND}`,
    String.raw`(?<hours>${NUMBER})[ -]?(?:hours?|hrs?|h)\b`,
    String.raw`(?<days>${NUMBER})[ -]?days?\b`,
    String.raw`(?<count>${NUMBER}) ${PIECES}|\bn ?= ?(?<n>${NUMBER})`,
    String.raw`(?<bare>${NUMBER}))(?!\d|(?:st|nd|rd|th)\b)`,
  ].join('|'),
  'gi',
);
/** What may stand before a number that is meant to a whole unit of it. */
const APPROXIMATELY = /(?:\b(?:about|around|approximately|roughly|nearly|almost|close to) |[~≈] ?)$/i;
const INSTANT = /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?)?\b|\b\d{1,2}:\d\d(?::\d\d)?\b/g;
const PERCENTILE = /\bp ?-?(\d{1,2})\b|\b(\d{1,2})(?:st|nd|rd|th)[ -]percentile\b/gi;

/** Reads the numbers out of a sentence. @param names words with digits that are no numbers: ids, places. */
export function readMentions(sentence: string, names: readonly string[] = []): ReadSentence {
  const mentions: Mention[] = [];
  const instants: string[] = [];
  const skeleton = names
    .filter((name) => name !== '')
    .reduce((text, name) => text.replace(asWord(name), 'it'), writeDigits(sentence))
    .replace(INSTANT, (text) => {
      instants.push(text);
      return 'then';
    })
    .replace(PERCENTILE, (_, short?: string, ordinal?: string) => `@${short ?? ordinal}`)
    .replace(QUANTITY, (text, ...rest) => {
      const [offset, whole, groups] = rest.slice(-3) as [number, string, Record<string, string | undefined>];
      const mention = readQuantity(text, groups);
      const about = APPROXIMATELY.test(whole.slice(0, offset));
      mentions.push(about ? { ...mention, step: mention.step * 2 } : mention);
      return `#${mentions.length - 1}`;
    });
  return { mentions, instants, skeleton };
}

/** A name where it stands as a word; one of digits alone only where it is called an order, since it may be an amount. */
function asWord(name: string): RegExp {
  const before = /\p{L}/u.test(name) ? '(?<![\\w$.])' : '(?<=\\border (?:id )?#?)';
  return new RegExp(`${before}${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w])`, 'gi');
}

function readQuantity(text: string, groups: Record<string, string | undefined>): Mention {
  const { usd, dollars, percent, min, sec, seconds, hours, days, count, n, bare = '0' } = groups;
  if (usd ?? dollars) return { text, kind: 'money', ...measure(usd ?? dollars ?? '') };
  if (percent) return { text, kind: 'percent', ...measure(percent) };
  if (min && sec) return { text, kind: 'minutes', value: Number(min) + Number(sec) / 60, step: 1 / 60 };
  if (min) return { text, kind: 'minutes', ...measure(min) };
  if (seconds) return { text, kind: 'minutes', ...scale(measure(seconds), 1 / 60) };
  if (hours) return { text, kind: 'minutes', ...scale(measure(hours), 60) };
  if (days) return { text, kind: 'minutes', ...scale(measure(days), 1_440) };
  if (count ?? n) return { text, kind: 'count', ...measure(count ?? n ?? '') };
  return { text, kind: 'bare', ...measure(bare) };
}

function measure(digits: string): { value: number; step: number } {
  return { value: Number(digits), step: 10 ** -(digits.split('.')[1]?.length ?? 0) };
}

/** Whole hours and days are meant more exactly than to half of one. */
function scale({ value, step }: { value: number; step: number }, factor: number) {
  return { value: value * factor, step: factor > 1 ? (step * factor) / 5 : step * factor };
}

const small = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve',
  'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen']; // biome-ignore format: one row of words
const tens = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const WORDS = new RegExp(
  String.raw`\b(?:(${tens.join('|')})(?:[ -](${small.slice(1, 10).join('|')}))?|(${small.join('|')}))(?=[ -](?:minutes?|mins?|seconds?|hours?|days?|dollars?|percent|per cent|deliveries|orders?|items?)\b)`,
  'gi',
);

/** Every digit of any script as 0 to 9, numbers in words as digits before a unit, thousands without commas. */
function writeDigits(sentence: string): string {
  return sentence
    .normalize('NFKC')
    .replace(/\p{Nd}/gu, (digit) => String(digitOf(digit)))
    .replace(/(?<=\d),(?=\d{3}\b)/g, '')
    .replace(/\bUSD? ?\$? ?(?=\d)/gi, '$')
    .replace(WORDS, (_, ten?: string, one?: string, alone?: string) => String(numberOf(ten, one, alone)));
}

/** The decimal digits of every script stand in runs of ten, the zero at a code point that no other digit precedes. */
function digitOf(digit: string): number {
  const point = digit.codePointAt(0) ?? 0;
  let zero = point;
  while (point - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return (point - zero) % 10;
}

function numberOf(ten = '', one = '', alone = ''): number {
  if (alone) return small.indexOf(alone.toLowerCase());
  return (tens.indexOf(ten.toLowerCase()) + 2) * 10 + Math.max(0, small.indexOf(one.toLowerCase()));
}
