import { advisoryLocks } from '#db/advisory-locks.ts';
import type { Connection } from '#db/client.ts';

const POLL_MS = 500;

export type LockOptions = {
  signal: AbortSignal;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  say(message: string): void;
};

/**
 * Waits until this connection holds the lock, which it keeps until it ends. A lock and work that share a
 * connection die together. @returns false where `signal` ended the wait.
 */
export async function becomeOnlySyncer(connection: Connection, options: LockOptions): Promise<boolean> {
  for (let told = false; !options.signal.aborted; told = true) {
    const { rows } = await connection.query<{ locked: boolean }>(
      'select pg_try_advisory_lock($1) as locked',
      [advisoryLocks.sync],
    );
    if (rows[0]?.locked) return true;
    if (!told) options.say('Another sync is at work on this database; waiting until it ends.');
    await options.sleep(POLL_MS, options.signal);
  }
  return false;
}
