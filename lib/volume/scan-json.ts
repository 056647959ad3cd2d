/** A range of bytes from `start` to `end`, the end excluded. */
export type Span = { start: number; end: number };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
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
  if (first !== undefined && CLOSER[first]) return endOfContainer(bytes, start);
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

function endOfContainer(bytes: Uint8Array, start: number): number {
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
