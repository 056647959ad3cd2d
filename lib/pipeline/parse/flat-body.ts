import {
  afterSpace,
  BACKSLASH,
  CLOSE,
  CLOSE_LIST,
  COLON,
  COMMA,
  endOfDigits,
  endOfText,
  MINUS,
  OPEN,
  OPEN_LIST,
  POINT,
  QUOTE,
  startsWith,
  ZERO,
} from './plain-bytes.ts';

/** Digits at most before and after the point of a number: doubles have no more. */
const MOST_DIGITS = 17;
/** The one key that holds a list of pairs of numbers, and never a number. */
const ROUTE = Buffer.from(String.raw`\"route_points\":`);

/**
 * The end of a JSON object of numbers that stands inside a JSON string, its quotes behind backslashes:
 * {\"progress_pct\":9.8,\"loc_lat\":40.47}; \"route_points\" holds pairs of numbers: [[40.47,-79.95]].
 * @returns -1 where it is anything else.
 */
export function endOfFlatBody(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== OPEN) return -1;
  if (bytes[start + 1] === CLOSE) return start + 2;
  for (let at = start + 1; ; at = afterSpace(bytes, at + 1)) {
    const value = afterSpace(bytes, endOfKey(bytes, at));
    at = startsWith(bytes, at, ROUTE) ? endOfPairs(bytes, value) : endOfNumber(bytes, value);
    if (bytes[at] === CLOSE) return at + 1;
    if (bytes[at] !== COMMA) return -1;
  }
}

/** The place after a key of printable ASCII between \" and \" and its colon, or -1. */
function endOfKey(bytes: Uint8Array, start: number): number {
  if (!isQuote(bytes, start)) return -1;
  const end = endOfText(bytes, start + 2, bytes.length);
  return isQuote(bytes, end) && bytes[end + 2] === COLON ? end + 3 : -1;
}

function isQuote(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === BACKSLASH && bytes[at + 1] === QUOTE;
}

/** The end of a list of pairs of numbers, or -1. */
function endOfPairs(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== OPEN_LIST) return -1;
  if (bytes[start + 1] === CLOSE_LIST) return start + 2;
  for (let at = start + 1; ; at = afterSpace(bytes, at + 1)) {
    at = endOfPair(bytes, at);
    if (bytes[at] === CLOSE_LIST) return at + 1;
    if (bytes[at] !== COMMA) return -1;
  }
}

function endOfPair(bytes: Uint8Array, start: number): number {
  const comma = bytes[start] === OPEN_LIST ? endOfNumber(bytes, start + 1) : -1;
  const end = bytes[comma] === COMMA ? endOfNumber(bytes, afterSpace(bytes, comma + 1)) : -1;
  return bytes[end] === CLOSE_LIST ? end + 1 : -1;
}

/** The end of a number without an exponent, or -1. */
function endOfNumber(bytes: Uint8Array, start: number): number {
  const first = bytes[start] === MINUS ? start + 1 : start;
  const point = endOfSome(bytes, first);
  if (point < 0 || (bytes[first] === ZERO && point > first + 1)) return -1;
  return bytes[point] === POINT ? endOfSome(bytes, point + 1) : point;
}

/** The place after one or more digits, or -1. */
function endOfSome(bytes: Uint8Array, start: number): number {
  const end = endOfDigits(bytes, start);
  return end === start || end - start > MOST_DIGITS ? -1 : end;
}
