import { z } from 'zod';
import { type RefundClass, refundClasses } from '#lib/contract/refund.ts';
import type { Cents } from '#lib/money.ts';
import { cleanText } from './clean-text.ts';
import { type FoundObject, findJsonObjects } from './find-json.ts';

/** What a model answered, read: the amount in cents as it gave it, the reason as one line of visible text. */
export type ModelAnswer = { refundClass: RefundClass; refundCents: Cents; reason: string };

/** Why a text is no answer. */
export type AnswerFault = 'not_json' | 'ambiguous' | 'wrong_schema' | 'wrong_order' | 'incoherent';

export type ParsedAnswer =
  | { ok: true; answer: ModelAnswer }
  | { ok: false; fault: AnswerFault; message: string };

/** What the answer is about: its id, and its total in cents. */
export type AnswerSubject = { orderId: string; totalCents: Cents };

/** Longer answers are no answers: three short fields are asked for. */
const LONGEST_TEXT = 20_000;
const LONGEST_REASON = 600;

const amount = z.preprocess(
  (value) =>
    typeof value === 'string' && /^\s*\$?\d{1,12}(\.\d+)?\s*$/.test(value)
      ? Number(value.replace('$', ''))
      : value,
  z.number().min(0).max(1e12),
);
const answerSchema = z.object({
  refund_usd: amount,
  refund_class: z.preprocess(
    (value) => (typeof value === 'string' ? value.trim().toLowerCase() : value),
    z.enum(refundClasses),
  ),
  reason: z
    .string()
    .transform((text) => cleanText(text, LONGEST_REASON))
    .pipe(z.string().min(1)),
  order_id: z.string().optional(),
});

/**
 * Reads the answer out of a model's text: bare JSON, or fenced, or with prose around it. Numbers as text and classes in
 * capitals are read as what they say; a class and an amount that contradict each other are no answer, nor are two answers.
 */
export function parseAnswer(text: string, subject: AnswerSubject): ParsedAnswer {
  if (text.length > LONGEST_TEXT) return fault('wrong_schema', `the answer has ${text.length} characters`);
  const found = chooseObject(text.replace(/<think>[\s\S]*?<\/think>/g, ' '));
  if ('fault' in found) return fault(found.fault, found.message);
  const parsed = answerSchema.safeParse(found.value);
  if (!parsed.success)
    return fault(
      'wrong_schema',
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
    );
  if (parsed.data.order_id !== undefined && parsed.data.order_id !== subject.orderId)
    return fault('wrong_order', 'the answer is about another order');
  const answer = {
    refundClass: parsed.data.refund_class,
    refundCents: Math.round(parsed.data.refund_usd * 100),
    reason: parsed.data.reason,
  };
  const clash = findClash(answer, subject.totalCents);
  return clash ? fault('incoherent', clash) : { ok: true, answer };
}

function fault(code: AnswerFault, message: string): ParsedAnswer {
  return { ok: false, fault: code, message };
}

function chooseObject(text: string): FoundObject | { fault: AnswerFault; message: string } {
  if (/^\s*(```\w*\s*)?\[/.test(text)) return { fault: 'wrong_schema', message: 'the answer is a list' };
  const candidates = findJsonObjects(text).filter(
    ({ value }) => 'refund_class' in value || 'refund_usd' in value,
  );
  const [first] = candidates;
  if (!first)
    return { fault: 'not_json', message: 'the answer holds no JSON object with the fields asked for' };
  if (first.doubled.length > 0)
    return { fault: 'ambiguous', message: `the answer has ${first.doubled.join(', ')} twice` };
  if (new Set(candidates.map(({ value }) => JSON.stringify(value))).size > 1)
    return { fault: 'ambiguous', message: 'the answer holds several objects that differ' };
  return first;
}

/** More than the total is no clash: the bounds see to that, and the row says so. */
function findClash({ refundClass, refundCents }: ModelAnswer, totalCents: Cents): string | undefined {
  if (refundClass === 'none' && refundCents !== 0) return 'class none with an amount';
  if (refundClass !== 'none' && refundCents === 0) return `class ${refundClass} with an amount of 0`;
  if (refundClass === 'full' && refundCents < totalCents)
    return "class full with less than the order's total";
  return undefined;
}
