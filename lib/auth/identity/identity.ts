import type { Pool } from '#db/client.ts';
import type { Person } from '#lib/contract/person.ts';

/** Who a request is from, and what proves it. */
export type Identity = { person: Person; via: 'session' | 'token' | 'proxy'; sessionId?: string };

/** How long a read may rely on the last answer of the database about a proof. */
const MAX_AGE_MS = 1000;
const MAX_ENTRIES = 1000;

type Lookup = Promise<Identity | undefined>;
type Entry = { since: number; lookup: Lookup };

/** On globalThis, because the process holds two copies of this module: Next's bundle and the API server's own. */
const holder = globalThis as { caspersIdentities?: WeakMap<Pool, Map<string, Entry>> };

/**
 * The result of the last `find` for a proof if it began within the last second, otherwise that of a new one. Only a
 * lookup that found someone is kept. The clock is monotonic.
 * @param key identifies the proof and contains no secret.
 */
export function cachedIdentity(pool: Pool, key: string, find: () => Lookup): Lookup {
  const cache = cacheOf(pool);
  const now = performance.now();
  const last = cache.get(key);
  if (last && now - last.since < MAX_AGE_MS) return last.lookup;
  const entry = { since: now, lookup: find() };
  cache.delete(key);
  cache.set(key, entry);
  if (cache.size > MAX_ENTRIES) deleteOldest(cache);
  const forget = () => cache.get(key) === entry && cache.delete(key);
  entry.lookup.then((identity) => identity ?? forget(), forget);
  return entry.lookup;
}

/** To be called after a change to people, sessions or tokens, so that the next request of this process sees it. */
export function clearIdentityCache(pool: Pool): void {
  cacheOf(pool).clear();
}

function cacheOf(pool: Pool): Map<string, Entry> {
  holder.caspersIdentities ??= new WeakMap();
  const cache = holder.caspersIdentities.get(pool) ?? new Map<string, Entry>();
  holder.caspersIdentities.set(pool, cache);
  return cache;
}

function deleteOldest(cache: Map<string, unknown>): void {
  const [oldest] = cache.keys();
  if (oldest !== undefined) cache.delete(oldest);
}
