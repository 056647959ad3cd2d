import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { findJsonObjects, parseAnswer } from './parse-answer.ts';

const subject = { orderId: 'A7K2M9', totalCents: 2000 };
const good = '{"refund_usd": 3.0, "refund_class": "partial", "reason": "Late by 9 min."}';
const read = { refundClass: 'partial', refundCents: 300, reason: 'Late by 9 min.' };

function outcome(text: string) {
  const parsed = parseAnswer(text, subject);
  return parsed.ok ? parsed.answer : parsed.fault;
}

describe('the corpus of model answers', () => {
  test.each([
    ['bare JSON', good],
    ['prose before', `Here is my decision:\n${good}`],
    ['a fence', `\`\`\`json\n${good}\n\`\`\``],
    ['a fence without a language, prose around', `Sure!\n\`\`\`\n${good}\n\`\`\`\nAnything else?`],
    ['prose after', `${good}\nI hope this helps {smile}.`],
    ['thinking before', `<think>{"refund_usd": 99, "refund_class": "full", "reason": "no"}</think>${good}`],
    ['thinking with its closing tag alone', `Maybe {"refund_usd": 5}.</think>${good}`],
    ['thinking in square brackets', `[THINK]Maybe {"refund_usd": 5}.[/THINK]${good}`],
    [
      'channels of reasoning before',
      `<|channel|>analysis<|message|>Maybe {"refund_usd": 5}<|end|><|start|>assistant<|channel|>final<|message|>${good}`,
    ],
    ['the amount as text', good.replace('3.0', '"3.00"')],
    ['the amount as text with its sign', good.replace('3.0', '"$3"')],
    ['the class in capitals', good.replace('"partial"', '" Partial "')],
    ['a line break inside the reason', good.replace('Late by', 'Late\n\tby')],
    ['the same answer twice', `${good}\n${good}`],
    ['further keys', good.replace('{', '{"confidence": {"level": "high", "level_2": 1}, ')],
    ['its order named', good.replace('{', '{"order_id": "A7K2M9", ')],
    ['braces in prose', `{ this is not JSON } ${good}`],
  ])('%s is read', (_, text) => {
    expect(outcome(text)).toEqual(read);
  });

  test.each([
    ['nothing', '', 'not_json'],
    ['prose', 'I would refund about three dollars.', 'not_json'],
    ['HTML', '<!doctype html><title>502</title>', 'not_json'],
    ['JSON cut short', good.slice(0, 50), 'not_json'],
    ['NaN', good.replace('3.0', 'NaN'), 'not_json'],
    ['an object of something else', '{"error": "overloaded"}', 'not_json'],
    ['a list', `[${good}]`, 'wrong_schema'],
    ['true for an amount', good.replace('3.0', 'true'), 'wrong_schema'],
    ['null for an amount', good.replace('3.0', 'null'), 'wrong_schema'],
    ['an amount below zero', good.replace('3.0', '-3'), 'wrong_schema'],
    ['an amount in words', good.replace('3.0', '"three"'), 'wrong_schema'],
    ['an amount without end', good.replace('3.0', '1e400'), 'wrong_schema'],
    ['an unknown class', good.replace('"partial"', '"generous"'), 'wrong_schema'],
    ['no reason', '{"refund_usd": 3, "refund_class": "partial"}', 'wrong_schema'],
    [
      'a reason of invisible characters',
      good.replace('Late by 9 min.', '\u200b\u202e\u0007'),
      'wrong_schema',
    ],
    ['a text without end', `${good}${' '.repeat(30_000)}`, 'wrong_schema'],
    ['another order', good.replace('{', '{"order_id": "ZZZ", '), 'wrong_order'],
    ['two answers', `${good} or ${good.replace('3.0', '4.0')}`, 'ambiguous'],
    ['a key twice', good.replace('{', '{"refund_usd": 0, '), 'ambiguous'],
    ['a key twice, once escaped', good.replace('{', '{"refund\\u005fusd": 0, '), 'ambiguous'],
    ['none with an amount', '{"refund_usd": 50, "refund_class": "none", "reason": "x"}', 'incoherent'],
    ['full with nothing', '{"refund_usd": 0, "refund_class": "full", "reason": "x"}', 'incoherent'],
    ['full with a part', '{"refund_usd": 5, "refund_class": "full", "reason": "x"}', 'incoherent'],
    ['partial with nothing', '{"refund_usd": 0, "refund_class": "partial", "reason": "x"}', 'incoherent'],
  ])('%s is no answer', (_, text, fault) => {
    expect(outcome(text)).toBe(fault);
  });

  test('an amount above the total is read as it is: the bounds are held later, in sight', () => {
    expect(outcome(good.replace('3.0', '1e12'))).toMatchObject({ refundCents: 1e14 });
    expect(outcome('{"refund_usd": 999, "refund_class": "full", "reason": "x"}')).toMatchObject({
      refundCents: 99_900,
    });
  });

  test('markup in a reason stays text, links and what cannot be seen go', () => {
    const reason =
      '<img src=x onerror=alert(1)> ![a](http://evil.test/?q=1) see https://evil.test \u202egnihton\u200b';
    expect(outcome(JSON.stringify({ refund_usd: 3, refund_class: 'partial', reason }))).toMatchObject({
      reason: '<img src=x onerror=alert(1)> [link removed] see [link removed] gnihton',
    });
  });
});

test('any text is read or refused, and no amount is read that it does not contain', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '"',
    '\\',
    '[',
    ']',
    ':',
    ',',
    '3',
    'refund_usd',
    '"refund_class"',
    'none',
    good,
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (drawn) => {
      const parsed = parseAnswer(drawn.join(''), subject);
      if (parsed.ok) expect([0, 300, 33300, 3300]).toContain(parsed.answer.refundCents);
    }),
  );
});

test('objects are found in any surrounding text, as JSON.parse reads them', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.string().map((s) => s.replace(/[{}[\]"]/g, '')),
      (object, noise) => {
        const text = JSON.stringify(object);
        expect(findJsonObjects(`${noise}${text}${noise}`)).toEqual([
          { value: JSON.parse(text), repeatedKeys: [] },
        ]);
      },
    ),
  );
});
