import { endOfValue, isSpace, skipSpace } from './scan-json.ts';

/** An unparsed record of a file: its source, and the number of the line where it starts, from 1. */
export type RawRecord = { line: number; bytes: Buffer };

const NEWLINE = 0x0a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Splits a file into records. The file is one object (on one or more lines), an array, or one object per line. A broken
 * record does not affect the others: where brackets do not match, the rest is split by lines.
 */
export function* splitRecords(content: Buffer): Generator<RawRecord> {
  const start = skipSpace(content, skipByteOrderMark(content));
  if (start === content.length) return;
  if (isUtf16(content)) yield { line: 1, bytes: content };
  else if (content[start] === OPEN_BRACKET) yield* splitArray(content, start);
  else if (content[start] === OPEN_BRACE && isOneObject(content, start))
    yield { line: 1 + countNewlines(content, 0, start), bytes: trimEnd(content.subarray(start)) };
  else yield* splitLines(content, start, 1 + countNewlines(content, 0, start));
}

function skipByteOrderMark(content: Buffer): number {
  return content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf ? 3 : 0;
}

function isUtf16(content: Buffer): boolean {
  return (content[0] === 0xff && content[1] === 0xfe) || (content[0] === 0xfe && content[1] === 0xff);
}

/** Whether the file is one object: it ends with the file, or it has no end and no later line starts another object. */
function isOneObject(content: Buffer, start: number): boolean {
  const end = endOfValue(content, start);
  if (end >= 0) return skipSpace(content, end) === content.length;
  return !content.subarray(start).includes('\n{');
}

function* splitLines(content: Buffer, from: number, firstLine: number): Generator<RawRecord> {
  let line = firstLine;
  for (let start = from; start < content.length; line += 1) {
    const newline = content.indexOf(NEWLINE, start);
    const end = newline < 0 ? content.length : newline;
    const first = skipSpace(content, start, end);
    if (first < end) yield { line, bytes: trimEnd(content.subarray(first, end)) };
    start = end + 1;
  }
}

function* splitArray(content: Buffer, open: number): Generator<RawRecord> {
  let line = 1 + countNewlines(content, 0, open);
  let at = open + 1;
  for (;;) {
    const start = skipSpace(content, at);
    line += countNewlines(content, at, start);
    if (content[start] === CLOSE_BRACKET) return yield* splitLines(content, start + 1, line);
    const end = endOfValue(content, start);
    const next = end < 0 ? content.length : skipSpace(content, end);
    if (content[next] !== COMMA && content[next] !== CLOSE_BRACKET)
      return yield* splitBrokenArray(content, start, line);
    yield { line, bytes: content.subarray(start, end) };
    line += countNewlines(content, start, next);
    at = content[next] === COMMA ? next + 1 : next;
  }
}

/** The rest of an array with unmatched brackets: one record per line, without the separators after it. */
function* splitBrokenArray(content: Buffer, from: number, firstLine: number): Generator<RawRecord> {
  for (const { line, bytes } of splitLines(content, from, firstLine)) {
    const end = endOfValue(bytes, 0);
    const isElement = end > 0 && /^[\s,\]]*$/.test(bytes.toString('latin1', end));
    if (!/^[\s,\]]*$/.test(bytes.toString('latin1', 0, 64)))
      yield { line, bytes: isElement ? bytes.subarray(0, end) : bytes };
  }
}

function trimEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && isSpace(bytes[end - 1])) end -= 1;
  return bytes.subarray(0, end);
}

function countNewlines(content: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at += 1) if (content[at] === NEWLINE) count += 1;
  return count;
}
