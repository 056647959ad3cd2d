import { createHash } from 'node:crypto';

const names = new Map<string, string>();

/**
 * A statement that the server plans once for each connection. For texts of which there are few, and whose plan
 * does not depend on the values.
 */
export function prepared(text: string, values: unknown[] = []) {
  const name = names.get(text) ?? createHash('sha256').update(text).digest('hex').slice(0, 32);
  names.set(text, name);
  return { name, text, values };
}
