import { sleep } from '#lib/clock.ts';
import type { Connection, Pool } from './client.ts';

/** A connection of its own that hears the NOTIFYs of one channel. */
export type Listener = {
  connection: Connection;
  /**
   * Waits for a notification, at most `ms` milliseconds; one that came since the last wait counts. Returns
   * early when `signal` aborts, throws where the connection has died.
   */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** Ends the connection, and with it all that its session holds. */
  close(): void;
};

/** Takes a connection out of the pool and listens on it. */
export async function openListener(pool: Pool, channel: string): Promise<Listener> {
  const connection = await pool.connect();
  let news = new AbortController();
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    news.abort();
  };
  connection.on('error', fail);
  connection.on('end', () => fail(new Error('Connection terminated')));
  connection.on('notification', () => news.abort());

  const close = () => connection.release(true);
  const wait = async (ms: number, signal: AbortSignal) => {
    await sleep(ms, AbortSignal.any([signal, news.signal]));
    if (failure) throw failure;
    news = new AbortController();
  };
  try {
    await connection.query(`listen ${connection.escapeIdentifier(channel)}`);
  } catch (error) {
    close();
    throw error;
  }
  return { connection, wait, close };
}
