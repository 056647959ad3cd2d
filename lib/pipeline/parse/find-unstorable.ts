import { depthOf } from '#lib/volume/index.ts';
import type { Rejection } from '../tables/bronze/rules.ts';

const MAX_DEPTH = 500;
/** So many digits in a row are looked at closely. */
const MANY_DIGITS = 300;
/** A number with an exponent of three digits or with 300 digits, recognised by the character before it. */
const EXTREME_NUMBER = /[:,[\s-](?:[\d.]{300}|[\d.]+[eE][+-]?\d{3})/;
/** How every number with such an exponent ends. Few other texts match, so this rules out nearly all quickly. */
const EXPONENT = /[eE][+-]?\d{3,}\s*[,\]}]/;
const STRINGS = /"(?:[^"\\]|\\.)*"/g;

/**
 * Finds valid JSON that Postgres cannot store: U+0000, lone surrogates, numbers with exponents or digits beyond numeric,
 * nesting deeper than its parser allows.
 * @param where names the piece of JSON in the reason.
 */
export function findUnstorable(text: string, value: object, where: string): Rejection | undefined {
  if (text.length > 2 * MAX_DEPTH && depthOf(Buffer.from(text)) > MAX_DEPTH)
    return { rule: 'nested_too_deep', reason: `${where} is nested deeper than ${MAX_DEPTH} levels` };
  if (mayBeExtreme(text)) {
    const number = EXTREME_NUMBER.exec(text.replace(STRINGS, '""'))?.[0].slice(1, 40);
    if (number) return { rule: 'number_out_of_range', reason: `${where} has the number ${number}` };
  }
  return text.includes('\\u') ? findText(value, where) : undefined;
}

function mayBeExtreme(text: string): boolean {
  return EXPONENT.test(text) || hasManyDigits(text);
}

/** Looks at every 300th character only: a run of 300 digits has a digit at one of them. */
function hasManyDigits(text: string): boolean {
  for (let at = MANY_DIGITS - 1; at < text.length; at += MANY_DIGITS)
    if (isDigit(text, at) && lengthOfNumber(text, at) >= MANY_DIGITS) return true;
  return false;
}

function lengthOfNumber(text: string, at: number): number {
  let first = at;
  let end = at + 1;
  while (isDigit(text, first - 1)) first -= 1;
  while (isDigit(text, end)) end += 1;
  return end - first;
}

/** A digit, or the point between digits. */
function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code >= 0x30 && code <= 0x39) || code === 0x2e;
}

function findText(value: unknown, where: string): Rejection | undefined {
  const pending: unknown[] = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const texts = typeof next === 'string' ? [next] : isObject(next) ? Object.keys(next) : [];
    if (texts.some((text) => text.includes('\0')))
      return { rule: 'null_byte', reason: `${where} has the escape \\u0000` };
    if (texts.some((text) => !text.isWellFormed()))
      return { rule: 'lone_surrogate', reason: `${where} has half of a surrogate pair` };
    if (isObject(next)) pending.push(...Object.values(next).filter((child) => child !== undefined));
  }
  return undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
