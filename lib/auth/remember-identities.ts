import type { Pool } from '#db/client.ts';
import type { Identity } from './identity.ts';

/** How long a read may rely on what the database said last about a proof. */
const REMEMBERED_MS = 1000;
const MOST = 1000;

type Answer = Promise<Identity | undefined>;
type Remembered = { since: number; answer: Answer };

/** Next's copy of this code and the server's own share it, as they share the pool. */
const holder = globalThis as { caspersIdentities?: WeakMap<Pool, Map<string, Remembered>> };

/**
 * What `find` has said of a proof within the last second, else what it says now. What is nobody's proof is asked
 * again each time, and so is all of it after `forgetIdentities`.
 * @param key tells the proof from all others and is no secret by itself.
 */
export function rememberIdentity(pool: Pool, key: string, find: () => Answer): Answer {
  const known = memoryOf(pool);
  const now = performance.now();
  const last = known.get(key);
  if (last && now - last.since < REMEMBERED_MS) return last.answer;
  const remembered = { since: now, answer: find() };
  known.delete(key);
  known.set(key, remembered);
  if (known.size > MOST) forgetOldest(known);
  const letGo = () => known.get(key) === remembered && known.delete(key);
  remembered.answer.then((identity) => identity ?? letGo(), letGo);
  return remembered.answer;
}

/** For whatever this process has changed of people, sessions and tokens: the next request sees it. */
export function forgetIdentities(pool: Pool): void {
  memoryOf(pool).clear();
}

function memoryOf(pool: Pool): Map<string, Remembered> {
  holder.caspersIdentities ??= new WeakMap();
  const known = holder.caspersIdentities.get(pool) ?? new Map<string, Remembered>();
  holder.caspersIdentities.set(pool, known);
  return known;
}

function forgetOldest(known: Map<string, unknown>): void {
  const [oldest] = known.keys();
  if (oldest !== undefined) known.delete(oldest);
}
