import { z } from 'zod';
import { type AgentGround, agentGrounds, type RefundClass, refundClasses } from '#lib/contract/refund.ts';
import type { Cents } from '#lib/money.ts';
import type { AgentCase } from './agent-case.ts';
import { findUnfounded } from './grounds.ts';
import { cleanText } from './untrusted-text.ts';

/** What a model answered: grounds that hold, the amount in cents as it gave it, and its own words, if they name no number. */
export type ModelAnswer = { grounds: AgentGround[]; refundCents: Cents; note: string | null };

/** Why a text is not an answer. */
export type AnswerFault =
  | 'not_json'
  | 'ambiguous'
  | 'wrong_schema'
  | 'wrong_order'
  | 'incoherent'
  | 'unfounded';

export type ParsedAnswer =
  | { ok: true; answer: ModelAnswer }
  | { ok: false; fault: AnswerFault; message: string };

/** What the answer is about, with the facts that its grounds are held against. */
export type AnswerSubject = Pick<AgentCase, 'orderId' | 'totalCents' | 'evidence' | 'note'>;

/** A longer text is not an answer: three short fields were requested. */
const MAX_TEXT = 20_000;
const MAX_WORDS = 300;

/** A number, or text such as "3.00", "$3", "3,00" and "3.00 USD". */
const amount = z.preprocess((value) => {
  const match =
    typeof value === 'string' && /^\s*\$?\s*(\d{1,12})(?:[.,](\d{1,2}))?\s*(?:USD|\$)?\s*$/i.exec(value);
  return match ? Number(`${match[1]}.${match[2] ?? 0}`) : value;
}, z.number().min(0).max(1e12));

const word = (value: unknown) => (typeof value === 'string' ? value.trim().toLowerCase() : value);

const answerSchema = z.object({
  grounds: z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z
      .array(z.preprocess(word, z.enum(agentGrounds)))
      .min(1)
      .max(50),
  ),
  refund_usd: amount,
  note: z.string().nullish().catch(null).transform(readWords),
  /** Not requested, but it must not contradict the amount where it is given. */
  refund_class: z.preprocess(word, z.enum(refundClasses)).nullish(),
  order_id: z.string().nullish(),
});

/** The model's own words as one visible line; null where there are none, or where they name a number, which no fact bears out. */
function readWords(note: string | null | undefined): string | null {
  const words = cleanText((note ?? '').replaceAll(/["“”]/g, "'"), MAX_WORDS);
  return words === '' || /\p{N}/u.test(words) ? null : words;
}

/**
 * Finds the answer in a model's text: bare JSON, or fenced, or with prose around it. Numbers as text are accepted; grounds that
 * the facts deny are refused, and so are a class and an amount that contradict each other, and two different answers.
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
  const { data } = parsed;
  if (typeof data.order_id === 'string' && data.order_id !== subject.orderId)
    return fault('wrong_order', 'the answer is about another order');
  const answer = {
    grounds: [...new Set(data.grounds)],
    refundCents: Math.round(data.refund_usd * 100),
    note: data.note,
  };
  const { evidence, note } = subject;
  const unfounded = findUnfounded(answer.grounds, { evidence, hasNote: note !== null });
  if (unfounded.length > 0) return fault('unfounded', `the facts deny ${unfounded.join(', ')}`);
  const contradiction = findContradiction(answer, data.refund_class ?? undefined, subject.totalCents);
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

function chooseObject(given: string): FoundObject | { fault: AnswerFault; message: string } {
  const text = unquote(given);
  if (/^\s*(```\w*\s*)?\[/.test(text)) return { fault: 'wrong_schema', message: 'the answer is a list' };
  const candidates = findJsonObjects(text)
    .map(unwrap)
    .filter(({ value }) => 'grounds' in value || 'refund_usd' in value);
  const [first] = candidates;
  if (!first)
    return { fault: 'not_json', message: 'the answer holds no JSON object with the fields asked for' };
  if (first.repeatedKeys.length > 0)
    return { fault: 'ambiguous', message: `the answer has ${first.repeatedKeys.join(', ')} twice` };
  if (new Set(candidates.map(({ value }) => JSON.stringify(value))).size > 1)
    return { fault: 'ambiguous', message: 'the answer holds several objects that differ' };
  return first;
}

/** JSON that was written as a JSON string. */
function unquote(text: string): string {
  if (!/^\s*"[\s\S]*"\s*$/.test(text)) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}

/** The answer that an object holds as its only field, as in {"refund": {…}}. */
function unwrap(found: FoundObject): FoundObject {
  const [inner, ...others] = Object.values(found.value);
  const isWrapped =
    others.length === 0 && typeof inner === 'object' && inner !== null && 'refund_usd' in inner;
  return isWrapped ? { ...found, value: inner as Record<string, unknown> } : found;
}

/** An amount above the total is accepted here: it is clamped to the policy later, and the row says so. */
function findContradiction(
  { grounds, refundCents }: ModelAnswer,
  refundClass: RefundClass | undefined,
  totalCents: Cents,
): string | undefined {
  const onTime = grounds.find((ground) => ground === 'on_time' || ground === 'within_promise');
  if (onTime && refundCents > 0) return `ground ${onTime} with an amount`;
  if (refundClass === 'none' && refundCents !== 0) return 'class none with an amount';
  if (refundClass !== undefined && refundClass !== 'none' && refundCents === 0)
    return `class ${refundClass} with an amount of 0`;
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

/** Line breaks and tabs inside strings, and a comma after the last field, which JSON forbids and models write, are read. */
function parseObject(text: string): Record<string, unknown> | undefined {
  const visible = text.replace(/\p{Cc}/gu, ' ');
  const lenient = visible.replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, quoted?: string) => quoted ?? '');
  try {
    return JSON.parse(lenient) as Record<string, unknown>;
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
