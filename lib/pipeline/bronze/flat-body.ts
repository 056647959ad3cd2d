const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const LAST_PRINTABLE = 0x7e;
/** Digits at most before and after the point of a number: doubles have no more. */
const MOST_DIGITS = 17;
/** The one key that holds a list of pairs of numbers, and never a number. */
const ROUTE = Buffer.from('route_points');

/**
 * The end of a JSON object of numbers that stands inside a JSON string, its quotes behind backslashes:
 * {\"progress_pct\":9.8,\"loc_lat\":40.47}; \"route_points\" holds pairs of numbers: [[40.47,-79.95]].
 * @returns -1 where it is anything else.
 */
export function endOfFlatBody(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== OPEN) return -1;
  if (bytes[start + 1] === CLOSE) return start + 2;
  for (let at = start + 1; ; at = afterSpace(bytes, at + 1)) {
    const colon = endOfKey(bytes, at);
    if (bytes[colon] !== COLON) return -1;
    const isRoute = colon - at === ROUTE.length + 4 && startsWith(bytes, at + 2, ROUTE);
    at = (isRoute ? endOfPairs : endOfNumber)(bytes, afterSpace(bytes, colon + 1));
    if (bytes[at] === CLOSE) return at + 1;
    if (bytes[at] !== COMMA) return -1;
  }
}

function afterSpace(bytes: Uint8Array, at: number): number {
  return bytes[at] === SPACE ? at + 1 : at;
}

/** The place after a key of printable ASCII between \" and \", or -1. */
function endOfKey(bytes: Uint8Array, start: number): number {
  if (!isQuote(bytes, start)) return -1;
  let at = start + 2;
  while (isPlain(bytes[at])) at += 1;
  return isQuote(bytes, at) ? at + 2 : -1;
}

function isQuote(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === BACKSLASH && bytes[at + 1] === QUOTE;
}

function isPlain(byte: number | undefined): boolean {
  return (
    byte !== undefined && byte >= SPACE && byte <= LAST_PRINTABLE && byte !== QUOTE && byte !== BACKSLASH
  );
}

function startsWith(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let n = 0; n < text.length; n += 1) if (bytes[at + n] !== text[n]) return false;
  return true;
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
  const point = endOfDigits(bytes, first);
  if (point < 0 || (bytes[first] === ZERO && point > first + 1)) return -1;
  return bytes[point] === POINT ? endOfDigits(bytes, point + 1) : point;
}

/** The place after one or more digits, or -1. */
function endOfDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isDigit(bytes[at])) at += 1;
  return at === start || at - start > MOST_DIGITS ? -1 : at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
