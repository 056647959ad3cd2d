import { sleep } from '#lib/clock.ts';
import { messageOf } from '#lib/errors.ts';
import type { Log } from '#lib/log.ts';
import type { Connection, Pool } from './client.ts';
import { describeError } from './connection-error.ts';

export type ContinuousWork = {
  pool: Pool;
  /** A NOTIFY on this channel wakes the work. */
  channel: string;
  /** The work also runs after so many milliseconds without a notification, in case one is lost. */
  pollMs: number;
  /** Ends the loop once the current work is done. */
  signal: AbortSignal;
  log: Log;
  /** Runs once for each connection, before its first work. */
  prepare?: (connection: Connection) => Promise<void>;
  /** Called with a failure before the pause; must not throw. */
  onFailure?: (error: unknown) => Promise<void>;
  /** Does everything that is waiting, on the connection that listens. */
  work: (connection: Connection) => Promise<void>;
};

const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 15_000;

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
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
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

/** A dedicated connection that listens on one channel. */
type Listener = {
  connection: Connection;
  /**
   * Waits for a notification, at most `ms` milliseconds; one since the last wait counts. Returns early when `signal`
   * aborts, and throws if the connection was lost.
   */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** Ends the connection, and with it everything that its session holds. */
  close(): void;
};

/** Takes a connection out of the pool and listens on it. */
async function openListener(pool: Pool, channel: string): Promise<Listener> {
  const connection = await pool.connect();
  let notified = new AbortController();
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    notified.abort();
  };
  connection.on('error', fail);
  connection.on('end', () => fail(new Error('Connection terminated')));
  connection.on('notification', () => notified.abort());

  const close = () => connection.release(true);
  const wait = async (ms: number, signal: AbortSignal) => {
    await sleep(ms, AbortSignal.any([signal, notified.signal]));
    if (failure) throw failure;
    notified = new AbortController();
  };
  try {
    await connection.query(`listen ${connection.escapeIdentifier(channel)}`);
  } catch (error) {
    close();
    throw error;
  }
  return { connection, wait, close };
}
