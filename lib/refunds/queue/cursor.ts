import { z } from 'zod';
import { type QueueSort, queueSorts } from '#lib/contract/queue.ts';
import { parseTimestamp } from '#lib/contract/timestamp.ts';
import { ValidationError } from '#lib/errors.ts';

/** The place after a row of the queue: its sort key as SQL text, and the order id that breaks ties. */
export type Cursor = { key: string; orderId: string };

const cursorSchema = z.tuple([z.enum(queueSorts), z.string().max(40), z.string().min(1).max(200)]);

/** Encodes a position as opaque text, which `readCursor` decodes for the same sort. */
export function writeCursor(sort: QueueSort, { key, orderId }: Cursor): string {
  return Buffer.from(JSON.stringify([sort, key, orderId])).toString('base64url');
}

/** @throws ValidationError where `text` is not the mark of a page of this sort. */
export function readCursor(sort: QueueSort, text: string): Cursor {
  const parsed = cursorSchema.safeParse(decode(text));
  const [from, key, orderId] = parsed.data ?? [undefined, '', ''];
  if (from !== sort || !isKey(sort, key) || orderId.includes('\0'))
    throw new ValidationError('cursor', 'This page of the queue is not known. Start at its first page.');
  return { key, orderId };
}

function decode(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function isKey(sort: QueueSort, key: string): boolean {
  if (sort === 'newest' || sort === 'oldest') return parseTimestamp(key) !== undefined;
  return /^-?\d+(\.\d+)?(e[+-]\d+)?$/.test(key) && Number.isFinite(Number(key));
}
