/** A range of bytes from `start` to `end`, the end excluded. */
export type Span = { start: number; end: number };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;
/** The maximum nesting that is followed. No record is that deep, and a file of brackets must not fill the memory. */
const MAX_DEPTH = 100_000;
const CLOSER: Readonly<Record<number, number>> = { 123: 0x7d, 91: 0x5d };

/** The first offset from `at` that is not a space, tab or line break, or `end`. */
export function skipSpace(bytes: Uint8Array, at: number, end = bytes.length): number {
  let next = at;
  while (next < end && isSpace(bytes[next])) next += 1;
  return next;
}

/** Whether a byte is JSON white space. */
export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/**
 * The end of the JSON value at `start`, found by its quotation marks and brackets alone.
 * @returns -1 where the value has no end: a bracket does not match, or a string contains a line break.
 */
export function endOfValue(bytes: Uint8Array, start: number): number {
  const first = bytes[start];
  if (first === QUOTE) return endOfString(bytes, start);
  if (first !== undefined && CLOSER[first]) return endOfBrackets(bytes, start);
  let at = start;
  while (at < bytes.length && !isSpace(bytes[at]) && !isSeparator(bytes[at])) at += 1;
  return at > start ? at : -1;
}

function isSeparator(byte: number | undefined): boolean {
  return byte === 0x2c || byte === COLON || byte === 0x5d || byte === 0x7d || byte === QUOTE;
}

function endOfString(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) return at + 1;
    if (byte < 0x20) return -1;
    if (byte === BACKSLASH) at += 1;
  }
  return -1;
}

function endOfBrackets(bytes: Uint8Array, start: number): number {
  const closers: number[] = [];
  let at = start;
  do {
    const byte = bytes[at] ?? 0;
    const next = byte === QUOTE ? endOfString(bytes, at) : at + 1;
    const closer = CLOSER[byte];
    if (closer) closers.push(closer);
    else if ((byte === 0x7d || byte === 0x5d) && closers.pop() !== byte) return -1;
    if (next < 0 || closers.length > MAX_DEPTH) return -1;
    at = next;
  } while (closers.length > 0 && at < bytes.length);
  return closers.length === 0 ? at : -1;
}

/**
 * The end of the object or array at `start`, which may be on any number of lines. Whether its numbers and literals are
 * JSON is not looked at. @returns a negative number where it is neither: -1 minus the offset at which it stops being one.
 */
export function endOfContainer(bytes: Uint8Array, start: number): number {
  const closers: number[] = [];
  let at = start;
  do at = afterValue(bytes, at, closers);
  while (at >= 0 && closers.length > 0);
  return at;
}

/** Goes past a scalar or into a container. @returns the start of the next value, or the end if no container is open. */
function afterValue(bytes: Uint8Array, at: number, closers: number[]): number {
  const closer = CLOSER[bytes[at] ?? 0];
  if (closer === undefined) {
    const end = endOfScalar(bytes, at);
    return end < 0 ? -1 - at : nextValue(bytes, end, closers);
  }
  closers.push(closer);
  if (closers.length > MAX_DEPTH) return -1 - at;
  const first = skipSpace(bytes, at + 1);
  return bytes[first] === closer ? nextValue(bytes, first, closers) : startOfElement(bytes, first, closer);
}

/** Closes the containers that end at `from`, and goes past the comma after them. */
function nextValue(bytes: Uint8Array, from: number, closers: number[]): number {
  let at = skipSpace(bytes, from);
  while (bytes[at] === closers.at(-1)) {
    closers.pop();
    if (closers.length === 0) return at + 1;
    at = skipSpace(bytes, at + 1);
  }
  return bytes[at] === COMMA ? startOfElement(bytes, skipSpace(bytes, at + 1), closers.at(-1)) : -1 - at;
}

/** The start of the value of the element at `at`, which in an object has a key. */
function startOfElement(bytes: Uint8Array, at: number, closer: number | undefined): number {
  if (closer !== CLOSE_BRACE) return at;
  const end = bytes[at] === QUOTE ? endOfString(bytes, at) : -1;
  if (end < 0) return -1 - at;
  const colon = skipSpace(bytes, end);
  return bytes[colon] === COLON ? skipSpace(bytes, colon + 1) : -1 - colon;
}

/** The end of a string, number or literal, or -1. */
export function endOfScalar(bytes: Uint8Array, start: number): number {
  if (bytes[start] === QUOTE) return endOfString(bytes, start);
  let at = start;
  while (isTokenByte(bytes[at])) at += 1;
  return at > start ? at : -1;
}

/** Whether a byte can be part of a number, a literal or a word that is written in their place. */
function isTokenByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (
    (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) || isSignOrPoint(byte)
  );
}

function isSignOrPoint(byte: number): boolean {
  return byte === 0x2b || byte === 0x2d || byte === 0x2e || byte === 0x5f;
}

/**
 * The end of the object or array at `start`, before `limit`, by its brackets alone: what is between them may be no JSON, and a
 * string may go over several lines. @returns -1 where they do not match.
 */
export function closingBracket(bytes: Uint8Array, start: number, limit: number): number {
  const closers: number[] = [];
  for (let at = start; at < limit; at += 1) {
    const byte = bytes[at] ?? 0;
    const closer = CLOSER[byte];
    if (closer) closers.push(closer);
    else if (byte === QUOTE) at = closingQuote(bytes, at, limit);
    else if (byte !== CLOSE_BRACE && byte !== CLOSE_BRACKET) continue;
    else if (closers.pop() !== byte) return -1;
    else if (closers.length === 0) return at + 1;
  }
  return -1;
}

function closingQuote(bytes: Uint8Array, start: number, limit: number): number {
  let at = start + 1;
  while (at < limit && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** The nesting depth of valid JSON. */
export function depthOf(bytes: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) at = endOfString(bytes, at) - 1;
    else if (CLOSER[byte]) depth += 1;
    else if (byte === 0x7d || byte === 0x5d) depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** The values of a valid JSON object by key, as spans of its source. For a repeated key the last one counts. */
export function listMembers(bytes: Buffer): Map<string, Span> {
  const members = new Map<string, Span>();
  let at = skipSpace(bytes, skipSpace(bytes, 0) + 1);
  while (bytes[at] === QUOTE) {
    const endOfKey = endOfString(bytes, at);
    const start = skipSpace(bytes, skipSpace(bytes, endOfKey) + 1);
    const end = endOfValue(bytes, start);
    members.set(JSON.parse(bytes.toString('utf8', at, endOfKey)), { start, end });
    at = skipSpace(bytes, skipSpace(bytes, end) + 1);
  }
  return members;
}
