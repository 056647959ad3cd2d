import { depthOf } from '#lib/volume/index.ts';
import type { Rejection } from '../tables/bronze/rules.ts';

const DEEPEST = 500;
const MANY = 300;
/** A number, by what stands before it, with an exponent of three digits or with 300 digits. */
const EXTREME_NUMBER = /[:,[\s-](?:[\d.]{300}|[\d.]+[eE][+-]?\d{3})/;
/** What every number with such an exponent ends with, and little else: a text without it need not be looked at closely. */
const EXPONENT = /[eE][+-]?\d{3,}\s*[,\]}]/;
const STRINGS = /"(?:[^"\\]|\\.)*"/g;

/**
 * Finds what is valid JSON and yet cannot be kept in Postgres: U+0000, lone surrogates, numbers with
 * exponents or digits beyond numeric, nesting beyond its parser.
 * @param where names the piece of JSON in the reason.
 */
export function findUnstorable(text: string, value: object, where: string): Rejection | undefined {
  if (text.length > 2 * DEEPEST && depthOf(Buffer.from(text)) > DEEPEST)
    return { rule: 'nested_too_deep', reason: `${where} is nested deeper than ${DEEPEST} levels` };
  if (mayBeExtreme(text)) {
    const number = EXTREME_NUMBER.exec(text.replace(STRINGS, '""'))?.[0].slice(1, 40);
    if (number) return { rule: 'number_out_of_range', reason: `${where} has the number ${number}` };
  }
  return text.includes('\\u') ? findText(value, where) : undefined;
}

function mayBeExtreme(text: string): boolean {
  return EXPONENT.test(text) || hasManyDigits(text);
}

/** Of so many digits in a row, one stands at every so manyth place. */
function hasManyDigits(text: string): boolean {
  for (let at = MANY - 1; at < text.length; at += MANY)
    if (isDigit(text, at) && lengthOfNumber(text, at) >= MANY) return true;
  return false;
}

function lengthOfNumber(text: string, at: number): number {
  let first = at;
  let end = at + 1;
  while (isDigit(text, first - 1)) first -= 1;
  while (isDigit(text, end)) end += 1;
  return end - first;
}

/** Or the point between digits. */
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
