import { expect, test } from 'vitest';
import { escalateSchema, rescoreSchema, snoozeSchema } from './case.ts';
import { approvalLimitSchema, decideManySchema, resolveApprovalSchema, reverseSchema } from './decision.ts';
import { isVisible, nameText, reasonText } from './fields.ts';

const invisible = [
  ['nothing', ''],
  ['blanks', ' \t\n\u00a0\u2003\u3000'],
  ['zero width', '\u200b\u200c\u200d\u2060\ufeff'],
  ['Hangul fillers', '\u3164\u115f\u1160\uffa0'],
  ['a blank of Braille', '\u2800'],
  ['soft hyphens', '\u00ad\u00ad'],
  ['tags', '\u{e0041}\u{e0042}\u{e007f}'],
  ['variation selectors', '\ufe0f\u{e0100}\u180b'],
  ['accents without a letter', '\u0301\u20dd\u0308'],
  ['marks of direction', '\u200e\u202e\u2066\u061c'],
  ['a musical note without a head', '\u{1d159}'],
  ['a line and a paragraph separator', '\u2028\u2029'],
  ['all of it', ' \u200b\u3164\u2800\u0301\u{e0041}\ufe0f '],
] as const;

test.each(invisible)('a reason of %s is refused', (_, text) => {
  expect(isVisible(text)).toBe(false);
  expect(reasonText.safeParse(text).error?.issues[0]?.message).toBe('Say why, in a few words.');
  expect(nameText(60).safeParse(text).error?.issues[0]?.message).toBe('Enter a name.');
});

test.each([
  'Late',
  '.',
  '7',
  'ㅋㅋ',
  '冷めた',
  'می‌خواهم',
  'é',
  'e\u0301',
  '👩‍🍳',
  '❤️',
  '⠓⠊',
  '\u200bLate\u2060',
  '€',
])('a reason of %j is accepted', (text) => {
  expect(reasonText.parse(text)).toBe(text.trim());
});

const orderId = 'A1';
const idempotencyKey = 'key-of-a-test';
test.each([
  ['a reversal', reverseSchema, { orderId, decisionId: '1', idempotencyKey }, 'reason'],
  ['an approval', resolveApprovalSchema, { orderId, requestId: '1', outcome: 'approved' }, 'reason'],
  [
    'a bulk decision',
    decideManySchema,
    { orders: [{ orderId, recommendationId: '1' }], choice: 'deny', idempotencyKey },
    'reason',
  ],
  ['a limit', approvalLimitSchema, { limitUsd: '5' }, 'reason'],
  ['a snooze', snoozeSchema, { orderId, minutes: 5 }, 'note'],
  ['an escalation', escalateSchema, { orderId }, 'note'],
  ['another recommendation', rescoreSchema, { orderId }, 'note'],
])('%s needs a text that can be seen', (_, schema, input, field) => {
  expect(schema.safeParse({ ...input, [field]: 'Seen' }).success).toBe(true);
  const { error } = schema.safeParse({ ...input, [field]: '\u200b\u2060' });
  expect(error?.issues.map(({ path }) => path)).toEqual([[field]]);
});
