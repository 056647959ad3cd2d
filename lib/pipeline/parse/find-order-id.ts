import { limits } from '#lib/contract/event.ts';

const NAME = '"order_id"';
/** The value after the name: a JSON string, complete. */
const VALUE = /^\s*:\s*("(?:[^"\\]|\\.)*")/;
/** As many characters after the name are looked at: an id, every one of its characters escaped, and some space. */
const WINDOW = 6 * limits.key + 100;
/** A larger record is not parsed only to find its order. */
const MAX_PARSED_BYTES = 1_048_576;

/**
 * The order that a quarantined record names: by its JSON where it is an object, otherwise by the pattern of the field,
 * because a broken record may still name its order. @returns null where no usable id can be read.
 */
export function findOrderId(bytes: Buffer): string | null {
  const parsed = parseObject(bytes);
  if (parsed) return usable(parsed.order_id);
  for (let at = bytes.indexOf(NAME); at >= 0; at = bytes.indexOf(NAME, at + 1)) {
    const start = at + NAME.length;
    const found = VALUE.exec(bytes.toString('utf8', start, start + WINDOW))?.[1];
    const orderId = found === undefined ? null : usable(parse(found));
    if (orderId !== null) return orderId;
  }
  return null;
}

function parseObject(bytes: Buffer): { order_id?: unknown } | undefined {
  if (bytes.length > MAX_PARSED_BYTES) return undefined;
  const value = parse(bytes.toString('utf8'));
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // A broken record: that is what is looked at here.
  }
}

/** An id that an order can have, and that a text column can hold. */
function usable(value: unknown): string | null {
  const isUsable =
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= limits.key &&
    !value.includes('\0') &&
    value.isWellFormed();
  return isUsable ? value : null;
}
