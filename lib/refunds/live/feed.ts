import { type Connection, type Pool, sessionPool } from '#db/client.ts';
import { sleep } from '#lib/clock.ts';

/**
 * What happened to the queue. `missed` comes whenever listening begins, at first or after the connection to the database
 * broke: events before it may be lost, so everything that is shown has to be fetched again.
 */
export type QueueEvent = { kind: 'case'; orderId: string } | { kind: 'recommendations' } | { kind: 'missed' };

export type Feed = {
  /** Calls `onEvent` for every event from now on. @returns a function that unsubscribes. */
  subscribe(onEvent: (event: QueueEvent) => void): () => void;
};

const RECONNECT_MS = 1000;
const feeds = new WeakMap<Pool, Feed>();

/** The one feed of a pool: a single connection listens for all subscribers, as long as there are any. */
export function feedOf(pool: Pool): Feed {
  const feed = feeds.get(pool) ?? createFeed(pool);
  feeds.set(pool, feed);
  return feed;
}

function createFeed(pool: Pool): Feed {
  const listeners = new Set<(event: QueueEvent) => void>();
  const publish = (event: QueueEvent) => {
    for (const listener of listeners) callListener(listener, event);
  };
  let stopListening: AbortController | undefined;
  return {
    subscribe(onEvent) {
      // A function of its own for each subscription, so that the same `onEvent` may subscribe twice.
      const listener = (event: QueueEvent) => onEvent(event);
      listeners.add(listener);
      if (!stopListening) {
        stopListening = new AbortController();
        void listen(pool, publish, stopListening.signal);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stopListening?.abort();
        stopListening = undefined;
      };
    },
  };
}

/** A listener that throws is reported and does not keep the event from the others. */
function callListener(listener: (event: QueueEvent) => void, event: QueueEvent): void {
  try {
    listener(event);
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}

/** Listens until `signal` aborts; a connection that breaks is replaced. */
async function listen(pool: Pool, publish: (event: QueueEvent) => void, signal: AbortSignal): Promise<void> {
  for (let isRetry = false; !signal.aborted; isRetry = true) {
    if (isRetry) await sleep(RECONNECT_MS, signal);
    const connection = await sessionPool(pool)
      .connect()
      .catch(() => undefined);
    if (!connection) continue;
    const broken = new AbortController();
    const end = AbortSignal.any([signal, broken.signal]);
    connection.on('error', () => broken.abort());
    connection.on('end', () => broken.abort());
    connection.on('notification', ({ channel, payload }) => publish(parseNotification(channel, payload)));
    await startListening(connection).catch(() => broken.abort());
    if (!end.aborted) publish({ kind: 'missed' });
    if (!end.aborted) await new Promise((resolve) => end.addEventListener('abort', resolve, { once: true }));
    connection.release(true);
  }
}

async function startListening(connection: Connection): Promise<void> {
  await connection.query('listen refund_cases');
  await connection.query('listen pg_recommendations');
}

function parseNotification(channel: string, payload: string | undefined): QueueEvent {
  if (channel === 'refund_cases' && payload) return { kind: 'case', orderId: payload };
  return { kind: 'recommendations' };
}
