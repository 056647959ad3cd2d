import { depthOf } from '#lib/volume/scan-json.ts';
import type { Rejection } from './rules.ts';

const DEEPEST = 500;
/** A number, by what stands before it, with an exponent of three digits or with 300 digits. */
const EXTREME_NUMBER = /[:,[\s-](?:[\d.]{300}|[\d.]+[eE][+-]?\d{3})/;
/** What every extreme number has in it, and little else: a text without it need not be looked at closely. */
const EXPONENT = /[eE][+-]?\d{3}/;
const MANY_DIGITS = /[\d.]{300}/;
const STRINGS = /"(?:[^"\\]|\\.)*"/g;

/**
 * Finds what is valid JSON and yet cannot be kept in Postgres: U+0000, lone surrogates, numbers with
 * exponents or digits beyond numeric, nesting beyond its parser.
 * @param where names the piece of JSON in the reason.
 */
export function findUnstorable(text: string, value: unknown, where: string): Rejection | undefined {
  if (text.length > 2 * DEEPEST && depthOf(Buffer.from(text)) > DEEPEST)
    return { rule: 'nested_too_deep', reason: `${where} is nested deeper than ${DEEPEST} levels` };
  if (mayBeExtreme(text) && EXTREME_NUMBER.test(text)) {
    const number = EXTREME_NUMBER.exec(text.replace(STRINGS, '""'))?.[0].slice(1, 40);
    if (number) return { rule: 'number_out_of_range', reason: `${where} has the number ${number}` };
  }
  return text.includes('\\u') ? findText(value, where) : undefined;
}

function mayBeExtreme(text: string): boolean {
  return EXPONENT.test(text) || (text.length > 300 && MANY_DIGITS.test(text));
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
