import { sleep } from '#lib/clock.ts';
import { messageOf } from '#lib/errors.ts';
import type { Log } from '#lib/log.ts';
import type { Connection, Pool } from './client.ts';
import { describeError } from './connection-error.ts';
import { openListener } from './listen.ts';

export type ContinuousWork = {
  pool: Pool;
  /** A NOTIFY on this channel wakes the work. */
  channel: string;
  /** Milliseconds after which the work runs without a notification: a safety net. */
  pollMs: number;
  /** Ends the loop after the work in hand. */
  signal: AbortSignal;
  log: Log;
  /** Runs once for each connection, before its first work. */
  prepare?: (connection: Connection) => Promise<void>;
  /** Told of a failure before the pause; must not throw. */
  onFailure?: (error: unknown) => Promise<void>;
  /** Does all that there is to do; gets the connection that listens. */
  work: (connection: Connection) => Promise<void>;
};

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;

/** Works until `signal` aborts. A failure is logged and followed by a pause that doubles, then by a new connection. */
export async function runContinuously(options: ContinuousWork): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  while (!options.signal.aborted) {
    try {
      await workOnOneConnection(options, () => {
        pauseMs = FIRST_PAUSE_MS;
      });
    } catch (error) {
      const cause = describeError(error) ? {} : { err: error };
      await options.onFailure?.(error);
      options.log.error(cause, `${messageOf(error)}; trying again in ${pauseMs / 1000} s`);
      await sleep(pauseMs, options.signal);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }
}

async function workOnOneConnection(options: ContinuousWork, onSuccess: () => void): Promise<void> {
  const { pool, channel, pollMs, signal, prepare, work } = options;
  const listener = await openListener(pool, channel);
  try {
    await prepare?.(listener.connection);
    while (!signal.aborted) {
      await work(listener.connection);
      onSuccess();
      await listener.wait(pollMs, signal);
    }
  } finally {
    listener.close();
  }
}
