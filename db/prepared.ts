import { createHash } from 'node:crypto';

/** Each connection keeps as many plans at most: filters can be put together in more ways than memory holds. */
const MOST = 200;
const names = new Map<string, string>();

/**
 * A statement that the server plans once for each connection. For texts of which there are few, and whose plan
 * does not depend on the values; the first 200 of a process count, any further one is planned each time.
 */
export function prepared(text: string, values: unknown[] = []) {
  const name = names.get(text) ?? (names.size < MOST ? nameOf(text) : undefined);
  return { name, text, values };
}

function nameOf(text: string): string {
  const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
  names.set(text, name);
  return name;
}
