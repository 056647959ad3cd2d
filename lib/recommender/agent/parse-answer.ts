import { z } from 'zod';
import { type RefundClass, refundClasses } from '#lib/contract/refund.ts';
import type { Cents } from '#lib/money.ts';
import { cleanText } from './untrusted-text.ts';

/** What a model answered: the amount in cents as it gave it, the reason as one line of visible text. */
export type ModelAnswer = { refundClass: RefundClass; refundCents: Cents; reason: string };

/** Why a text is not an answer. */
export type AnswerFault = 'not_json' | 'ambiguous' | 'wrong_schema' | 'wrong_order' | 'incoherent';

export type ParsedAnswer =
  | { ok: true; answer: ModelAnswer }
  | { ok: false; fault: AnswerFault; message: string };

/** What the answer is about: its id, and its total in cents. */
export type AnswerSubject = { orderId: string; totalCents: Cents };

/** A longer text is not an answer: three short fields were requested. */
const MAX_TEXT = 20_000;
const MAX_REASON = 600;

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
    .transform((text) => cleanText(text, MAX_REASON))
    .pipe(z.string().min(1)),
  order_id: z.string().optional(),
});

/**
 * Finds the answer in a model's text: bare JSON, or fenced, or with prose around it. Numbers as text and classes in
 * capitals are accepted; a class and an amount that contradict each other are refused, and so are two different answers.
 */
export function parseAnswer(text: string, subject: AnswerSubject): ParsedAnswer {
  if (text.length > MAX_TEXT) return fault('wrong_schema', `the answer has ${text.length} characters`);
  const found = chooseObject(withoutReasoning(text));
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
  const contradiction = findContradiction(answer, subject.totalCents);
  return contradiction ? fault('incoherent', contradiction) : { ok: true, answer };
}

/** Leaves out what servers pass on of a model's reasoning: tags with or without their opening one, and the channels before the last. */
function withoutReasoning(text: string): string {
  return text
    .replace(/<think>[\s\S]*?<\/think>|\[THINK\][\s\S]*?\[\/THINK\]/g, ' ')
    .replace(/^[\s\S]*(?:<\/think>|\[\/THINK\])/, ' ')
    .replace(/<\|channel\|>(?:analysis|commentary)\b[\s\S]*?(?:<\|end\|>|$)/g, ' ');
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
  if (first.repeatedKeys.length > 0)
    return { fault: 'ambiguous', message: `the answer has ${first.repeatedKeys.join(', ')} twice` };
  if (new Set(candidates.map(({ value }) => JSON.stringify(value))).size > 1)
    return { fault: 'ambiguous', message: 'the answer holds several objects that differ' };
  return first;
}

/** An amount above the total is accepted here: it is clamped to the policy later, and the row says so. */
function findContradiction({ refundClass, refundCents }: ModelAnswer, totalCents: Cents): string | undefined {
  if (refundClass === 'none' && refundCents !== 0) return 'class none with an amount';
  if (refundClass !== 'none' && refundCents === 0) return `class ${refundClass} with an amount of 0`;
  if (refundClass === 'full' && refundCents < totalCents)
    return "class full with less than the order's total";
  return undefined;
}

/** An object found in a text; `repeatedKeys` are top-level keys that it has twice, of which JSON.parse keeps only the last. */
type FoundObject = { value: Record<string, unknown>; repeatedKeys: string[] };

/** In a text that is mostly braces, searching for the end of each one would take quadratic time. */
const MAX_STARTS = 50;

/** The JSON objects in a text that may have prose, fences or tags around them, outermost only, in order. */
export function findJsonObjects(text: string): FoundObject[] {
  const found: FoundObject[] = [];
  let from = 0;
  for (let tries = 0; tries < MAX_STARTS; tries += 1) {
    const start = text.indexOf('{', from);
    if (start < 0) break;
    const end = findEnd(text, start);
    const value = end === undefined ? undefined : parseObject(text.slice(start, end));
    if (value) found.push({ value, repeatedKeys: findRepeatedKeys(text.slice(start, end)) });
    from = value && end !== undefined ? end : start + 1;
  }
  return found;
}

/** The index after the brace that closes the one at `start`; undefined where none does. */
function findEnd(text: string, start: number): number | undefined {
  let end: number | undefined;
  scan(text, start, (index, depth) => {
    if (depth === 0) end = index + 1;
    return depth > 0;
  });
  return end;
}

/** Calls `visit` for each bracket outside strings with the depth after it, until it returns false. */
function scan(text: string, start: number, visit: (index: number, depth: number) => boolean): void {
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]]/gs;
  tokens.lastIndex = start;
  let depth = 0;
  for (let token = tokens.exec(text); token; token = tokens.exec(text)) {
    if (token[0].startsWith('"')) continue;
    depth += '{['.includes(token[0]) ? 1 : -1;
    if (!visit(token.index, depth)) return;
  }
}

/** Line breaks and tabs inside strings, which JSON forbids and models write, are read as spaces. */
function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text.replace(/\p{Cc}/gu, ' ')) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Keys that occur twice at the top level of an object that JSON.parse accepts. */
function findRepeatedKeys(text: string): string[] {
  const keys = [...text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/gs)];
  const seen = new Set<string>();
  const repeated = new Set<string>();
  let depth = 0;
  for (const [at, [token]] of keys.entries()) {
    if ('{['.includes(token)) depth += 1;
    if ('}]'.includes(token)) depth -= 1;
    if (depth !== 1 || !token.startsWith('"') || keys[at + 1]?.[0] !== ':') continue;
    const key = String(JSON.parse(token));
    if (seen.has(key)) repeated.add(key);
    seen.add(key);
  }
  return [...repeated];
}
