import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lateCase } from './agent.testing.ts';
import { findJsonObjects, parseAnswer } from './parse-answer.ts';

const subject = lateCase('A7K2M9');
const good = '{"grounds": ["late"], "refund_usd": 3.0, "note": "Late by far."}';
const read = { grounds: ['late'], refundCents: 300, note: 'Late by far.' };

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
    ['thinking before', `<think>{"grounds": ["late"], "refund_usd": 99, "note": "no"}</think>${good}`],
    ['thinking with its closing tag alone', `Maybe {"refund_usd": 5}.</think>${good}`],
    ['thinking in square brackets', `[THINK]Maybe {"refund_usd": 5}.[/THINK]${good}`],
    [
      'channels of reasoning before',
      `<|channel|>analysis<|message|>Maybe {"refund_usd": 5}<|end|><|start|>assistant<|channel|>final<|message|>${good}`,
    ],
    ['the amount as text', good.replace('3.0', '"3.00"')],
    ['the amount as text with its sign', good.replace('3.0', '"$3"')],
    ['the amount with a comma', good.replace('3.0', '"3,00"')],
    ['the amount with its currency', good.replace('3.0', '"3.00 USD"')],
    ['a ground in capitals', good.replace('"late"', '" Late "')],
    ['a ground twice', good.replace('"late"', '"late", "late"')],
    ['one ground alone', good.replace('["late"]', '"late"')],
    ['a class that fits', good.replace('{', '{"refund_class": " Partial ", ')],
    ['a comma after the last field', good.replace('}', ', }')],
    ['the answer as the only field of another', `{"refund": ${good}}`],
    ['JSON as a JSON string', JSON.stringify(good)],
    ['a line break inside the note', good.replace('Late by', 'Late\n\tby')],
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
    ['an unknown class', good.replace('{', '{"refund_class": "generous", '), 'wrong_schema'],
    ['an unknown ground', good.replace('"late"', '"cold soup"'), 'wrong_schema'],
    ['no grounds', good.replace('"late"', ''), 'wrong_schema'],
    ['an amount alone', '{"refund_usd": 3}', 'wrong_schema'],
    ['a ground that the facts deny', good.replace('"late"', '"late", "thin_sample"'), 'unfounded'],
    ['a late order called on time', good.replace('late', 'on_time'), 'unfounded'],
    ['a text without end', `${good}${' '.repeat(30_000)}`, 'wrong_schema'],
    ['another order', good.replace('{', '{"order_id": "ZZZ", '), 'wrong_order'],
    ['two answers', `${good} or ${good.replace('3.0', '4.0')}`, 'ambiguous'],
    ['a key twice', good.replace('{', '{"refund_usd": 0, '), 'ambiguous'],
    ['a key twice, once escaped', good.replace('{', '{"refund\\u005fusd": 0, '), 'ambiguous'],
    ['none with an amount', good.replace('{', '{"refund_class": "none", '), 'incoherent'],
    ['full with nothing', good.replace('{', '{"refund_class": "full", ').replace('3.0', '0'), 'incoherent'],
    ['full with a part', good.replace('{', '{"refund_class": "full", '), 'incoherent'],
    [
      'partial with nothing',
      good.replace('{', '{"refund_class": "partial", ').replace('3.0', '0'),
      'incoherent',
    ],
  ])('%s is no answer', (_, text, fault) => {
    expect(outcome(text)).toBe(fault);
  });

  test('an amount above the total is read as it is: the bounds are held later, in sight', () => {
    expect(outcome(good.replace('3.0', '1e12'))).toMatchObject({ refundCents: 1e14 });
    expect(outcome(good.replace('3.0', '999'))).toMatchObject({ refundCents: 99_900 });
  });

  test('an order on time is refunded nothing by its own ground', () => {
    const { evidence } = subject;
    const onTime = { ...subject, evidence: { ...evidence, delivery_minutes: 30 } };
    const text = good.replace('late', 'on_time');
    expect(parseAnswer(text, onTime)).toMatchObject({ fault: 'incoherent' });
    expect(parseAnswer(text.replace('3.0', '0'), onTime)).toMatchObject({ ok: true });
  });

  test('words with a number are left out, and so are links and what cannot be seen', () => {
    const say = (note: unknown) => outcome(JSON.stringify({ grounds: ['late'], refund_usd: 3, note }));
    for (const note of ['It took 39 min.', 'It took ٣٩ min.', '\u200b\u202e\u0007', null, 7, ''])
      expect(say(note)).toMatchObject({ note: null });
    expect(say('<img src=x onerror=alert("a")> ![a](http://evil.test/?q) \u202egnihton\u200b')).toMatchObject(
      {
        note: "<img src=x onerror=alert('a')> [link removed] gnihton",
      },
    );
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
    '"grounds"',
    'late',
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
