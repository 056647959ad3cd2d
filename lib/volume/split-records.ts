import { endOfBroken, isFollowedByRecord, type Layout } from './broken-record.ts';
import { endOfContainer, endOfScalar, isSpace, skipSpace } from './scan-json.ts';

/** An unparsed record of a file: its source, and the number of the line where it starts, from 1. */
export type RawRecord = { line: number; bytes: Buffer };

const NEWLINE = 0x0a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
/** How often the bytes of a file may be scanned for the ends of broken records; from then on each line is a record. */
const SCANS = 16;

/**
 * Reads a file as records one after the other. A record is a JSON object on any number of lines; what is between
 * objects (white space, commas, the brackets of arrays, byte order marks) separates them. What is no object is one record,
 * too, as far as it reaches; those after it are not affected.
 *
 * A line that begins and ends as an object is taken for one without looking into it, as it nearly always is. A caller
 * that finds it is no JSON says so with `splitAgain`, and its bytes are then read by their quotation marks and brackets.
 */
export class RecordReader {
  readonly #content: Buffer;
  readonly #layout: Layout;
  #at = 0;
  #line = 1;
  /** How many brackets of arrays are open. */
  #arrays = 0;
  /** Whether nothing but separators is before the next record on its line. */
  #isFirstOfLine = true;
  /** Where the last record starts, if it was taken for a whole line. */
  #unproven: number | undefined;

  constructor(content: Buffer) {
    this.#content = content;
    this.#layout = { content, scansLeft: SCANS * content.length, line: { start: 0, end: -1 } };
  }

  /** The next record; undefined at the end of the file. */
  next(): RawRecord | undefined {
    if (this.#at === 0 && isUtf16(this.#content)) return this.#take(0, this.#content.length);
    this.#skipSeparators();
    const [content, start] = [this.#content, this.#at];
    if (start >= content.length) return undefined;
    this.#unproven = undefined;
    if (content[start] !== OPEN_BRACE && content[start] !== OPEN_BRACKET)
      return this.#take(start, this.#endOfOther(start));
    if (content[start] === OPEN_BRACKET || !this.#isFirstOfLine)
      return this.#take(start, this.#endOfRecord(start));
    const newline = content.indexOf(NEWLINE, start);
    const endOfLine = newline < 0 ? content.length : newline;
    let end = endOfLine;
    while (isSeparator(content[end - 1])) end -= 1;
    if (content[end - 1] !== CLOSE_BRACE) return this.#take(start, this.#endOfRecord(start));
    this.#unproven = start;
    this.#at = endOfLine;
    return { line: this.#line, bytes: content.subarray(start, end) };
  }

  /** Whether the last record was looked into. */
  get isProven(): boolean {
    return this.#unproven === undefined;
  }

  /** Reads the last record again if it was only taken for one. @returns whether it was; then it comes as `next`. */
  splitAgain(): boolean {
    if (this.#unproven === undefined) return false;
    this.#at = this.#unproven;
    this.#isFirstOfLine = false;
    this.#unproven = undefined;
    return true;
  }

  #skipSeparators(): void {
    while (this.#at < this.#content.length && this.#isAtSeparator()) this.#at += 1;
  }

  #isAtSeparator(): boolean {
    const byte = this.#content[this.#at];
    if (byte === NEWLINE) {
      this.#line += 1;
      this.#isFirstOfLine = true;
    } else if (byte === OPEN_BRACKET) {
      if (!this.#opensRecords(this.#at)) return false;
      this.#arrays += 1;
    } else if (byte === CLOSE_BRACKET) this.#arrays = Math.max(0, this.#arrays - 1);
    else if (isByteOrderMark(this.#content, this.#at)) this.#at += 2;
    else return isSeparator(byte);
    return true;
  }

  /** Whether the array at `start` holds objects, or nothing; any other array is one record. */
  #opensRecords(start: number): boolean {
    const { content, scansLeft } = this.#layout;
    const first = content[skipSpace(content, start + 1)];
    if (first === OPEN_BRACE || first === CLOSE_BRACKET || scansLeft <= 0) return true;
    const { end, scanned } = this.#scan(start);
    const object = content.indexOf(OPEN_BRACE, start);
    // An array that ends nowhere is broken, unless an object begins on its own line.
    return object >= 0 && object < scanned && (end > 0 || !content.subarray(start, object).includes(NEWLINE));
  }

  #scan(start: number): { end: number; scanned: number } {
    const end = endOfContainer(this.#content, start);
    const scanned = end > 0 ? end : -1 - end;
    this.#layout.scansLeft -= scanned - start;
    return { end, scanned };
  }

  #endOfRecord(start: number): number {
    const layout = this.#layout;
    if (layout.scansLeft <= 0) return endOfBroken(layout, start, start);
    const { end, scanned } = this.#scan(start);
    const isRecord = end > 0 && isFollowedByRecord(layout.content, end, this.#arrays > 0);
    return isRecord ? end : endOfBroken(layout, start, scanned);
  }

  /** The end of what is no object: an element of an array, or as much as reads like one broken record. */
  #endOfOther(start: number): number {
    const end = this.#arrays > 0 ? endOfScalar(this.#content, start) : -1;
    const isElement = end > 0 && isFollowedByRecord(this.#content, end, true);
    return isElement ? end : endOfBroken(this.#layout, start, start);
  }

  #take(start: number, end: number): RawRecord {
    const record = { line: this.#line, bytes: this.#content.subarray(start, end) };
    for (let at = record.bytes.indexOf(NEWLINE); at >= 0; at = record.bytes.indexOf(NEWLINE, at + 1))
      this.#line += 1;
    this.#at = end;
    this.#isFirstOfLine = false;
    return record;
  }
}

/** All records of a file. Every line that looks like an object is parsed to be sure, so a parser of its own is quicker. */
export function* splitRecords(content: Buffer): Generator<RawRecord> {
  const reader = new RecordReader(content);
  for (let record = reader.next(); record; record = reader.next())
    if (reader.isProven || isJson(record.bytes) || !reader.splitAgain()) yield record;
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

function isSeparator(byte: number | undefined): boolean {
  return isSpace(byte) || byte === COMMA || byte === OPEN_BRACKET || byte === CLOSE_BRACKET;
}

function isByteOrderMark(content: Buffer, at: number): boolean {
  return content[at] === 0xef && content[at + 1] === 0xbb && content[at + 2] === 0xbf;
}

function isUtf16(content: Buffer): boolean {
  return (content[0] === 0xff && content[1] === 0xfe) || (content[0] === 0xfe && content[1] === 0xff);
}
