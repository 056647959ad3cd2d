import { closingBracket, endOfContainer, isSpace, skipSpace } from './scan-json.ts';

/** A file, how many of its bytes may still be scanned for the ends of broken records, and the line of the last one. */
export type Layout = { readonly content: Buffer; scansLeft: number; line: { start: number; end: number } };

/** The bracket that closes a broken record is looked for this far before the next object is. */
const WINDOW = 16_384;

/** How a broken record's first line, which ends at `end`, is indented, and whether those after it are not further. */
type Shape = { start: number; end: number; indent: number; isFlat: boolean };

const [NEWLINE, QUOTE, COMMA, COLON] = [0x0a, 0x22, 0x2c, 0x3a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Where a record that is no JSON object ends, so that it is one record and those after it are read: before the next
 * object, or at its closing bracket, or where the lines end that are indented below its first one.
 * @param failedAt where it stopped being JSON.
 */
export function endOfBroken(layout: Layout, start: number, failedAt: number): number {
  const { content } = layout;
  const shape = shapeAt(layout, start);
  if (layout.scansLeft <= 0) return trimEnd(content, start, shape.end);
  if (!isOpening(content[start])) return endOfBlock(content, shape, content.length);
  const limit = nextStart(content, shape);
  layout.scansLeft -= limit - shape.end;
  const closed = endAtBracket(layout, start, Math.min(limit, start + WINDOW));
  const next = nextWithin(layout, shape, { failedAt, end: closed ?? limit });
  if (next !== undefined) return trimEnd(content, start, next);
  const end = closed ?? endAtBracket(layout, start, limit);
  return end ?? (shape.isFlat ? trimEnd(content, start, limit) : endOfBlock(content, shape, limit));
}

function endAtBracket(layout: Layout, start: number, limit: number): number | undefined {
  const end = closingBracket(layout.content, start, limit);
  layout.scansLeft -= (end > 0 ? end : limit) - start;
  return end > 0 && isFollowedByRecord(layout.content, end, true) ? end : undefined;
}

/**
 * Whether a record that ends at `end` is followed by the end of its line or by another record.
 * @param isElement whether a comma or the end of the array is enough.
 */
export function isFollowedByRecord(content: Buffer, end: number, isElement: boolean): boolean {
  let at = end;
  while (content[at] !== NEWLINE && (isSpace(content[at]) || (!isElement && isDelimiter(content[at]))))
    at += 1;
  const byte = content[at];
  return byte === undefined || byte === NEWLINE || isOpening(byte) || isDelimiter(byte);
}

/** The next object within the lines of a broken one. */
function nextWithin(
  layout: Layout,
  { start, end: firstLine }: Shape,
  { failedAt, end }: { failedAt: number; end: number },
): number | undefined {
  const { content } = layout;
  for (let at = start + 1; layout.scansLeft > 0; at += 1) {
    at = content.indexOf(OPEN_BRACE, at);
    if (at < 0 || at >= end) return undefined;
    if (content[skipSpace(content, at + 1)] !== QUOTE || (at !== failedAt && isInside(content, at))) continue;
    const scanned = endOfContainer(content, at);
    layout.scansLeft -= (scanned > 0 ? scanned : -1 - scanned) - at;
    if (scanned > 0 && isFollowedByObject(content, scanned, at < firstLine)) return at;
  }
  return undefined;
}

/** Whether the object at `at` is a value of a member or an element of an array. */
function isInside(content: Buffer, at: number): boolean {
  return [COLON, COMMA, OPEN_BRACKET].includes(content[lastBefore(content, at)] ?? 0);
}

/** Whether an object or the end of the file follows; the end of the line is enough for an object on the first line. */
function isFollowedByObject(content: Buffer, end: number, isOnFirstLine: boolean): boolean {
  const after = content[isOnFirstLine ? skipBlanks(content, end) : skipSpace(content, end)];
  return after === undefined || after === OPEN_BRACE || after === NEWLINE;
}

function shapeAt(layout: Layout, start: number): Shape {
  const { content, line } = layout;
  if (start < line.start || start > line.end) {
    line.start = start === 0 ? 0 : content.lastIndexOf(NEWLINE, start - 1) + 1;
    line.end = endOfLine(content, start);
  }
  const indent = indentOf(content, line.start);
  const second = line.end + 1;
  const opensAlone = trimEnd(content, start, line.end) === start + 1;
  const isFlat =
    opensAlone && indentOf(content, second) <= indent && content[skipBlanks(content, second)] === QUOTE;
  return { start, end: line.end, indent, isFlat };
}

/** The start of the next record on a later line: it is indented no further, and the line before does not go on. */
function nextStart(content: Buffer, { start, end, indent, isFlat }: Shape): number {
  let before = start;
  for (let line = end + 1; line < content.length; line = endOfLine(content, line) + 1) {
    const first = skipBlanks(content, line);
    if (content[first] === NEWLINE || first >= content.length) continue;
    const opening = first - line <= indent ? skipClosers(content, first) : first;
    const goesOn = isFlat && [COMMA, COLON, OPEN_BRACKET].includes(content[before] ?? 0);
    if (first - line <= indent && isOpening(content[opening]) && !goesOn) return opening;
    before = lastBefore(content, endOfLine(content, line));
  }
  return content.length;
}

/** The end of the lines that are indented further than the first, and of a brace that closes them. */
function endOfBlock(content: Buffer, { start, end: firstLine, indent }: Shape, limit: number): number {
  let end = firstLine;
  for (let line = end + 1; line < limit; line = endOfLine(content, line) + 1) {
    const first = skipBlanks(content, line);
    if (content[first] === NEWLINE || first >= limit) continue;
    const closes = first - line === indent && content[first] === CLOSE_BRACE;
    if (first - line <= indent && !closes) break;
    end = endOfLine(content, line);
    if (!closes) continue;
    const opening = skipClosers(content, first);
    if (isOpening(content[opening])) end = opening;
    break;
  }
  return trimEnd(content, start, Math.min(end, limit));
}

function endOfLine(content: Buffer, from: number): number {
  const newline = content.indexOf(NEWLINE, from);
  return newline < 0 ? content.length : newline;
}

function indentOf(content: Buffer, line: number): number {
  return skipBlanks(content, line) - line;
}

/** The first offset from `from` that is neither white space nor beyond the line. */
function skipBlanks(content: Buffer, from: number): number {
  let at = from;
  while (content[at] !== NEWLINE && isSpace(content[at])) at += 1;
  return at;
}

function skipClosers(content: Buffer, from: number): number {
  let at = from;
  while (
    content[at] !== NEWLINE &&
    (isSpace(content[at]) || content[at] === CLOSE_BRACE || isDelimiter(content[at]))
  )
    at += 1;
  return at;
}

/** The offset of the last byte before `at` that is no white space. */
function lastBefore(content: Buffer, at: number): number {
  let before = at - 1;
  while (isSpace(content[before])) before -= 1;
  return before;
}

function trimEnd(content: Buffer, start: number, end: number): number {
  let trimmed = end;
  while (trimmed > start && isSpace(content[trimmed - 1])) trimmed -= 1;
  return trimmed;
}

function isOpening(byte: number | undefined): boolean {
  return byte === OPEN_BRACE || byte === OPEN_BRACKET;
}

function isDelimiter(byte: number | undefined): boolean {
  return byte === COMMA || byte === CLOSE_BRACKET;
}
