import type { Connection, Pool } from '#db/client.ts';
import { sleep } from '#lib/clock.ts';

/**
 * What happened to the queue. `missed` is said when listening begins, for the first time or after the database was
 * away: whatever happened before is not known, so all that is shown has to be asked for again.
 */
export type News = { kind: 'case'; orderId: string } | { kind: 'recommendations' } | { kind: 'missed' };

export type Feed = {
  /** Calls `hear` for everything from now on. @returns what ends it. */
  subscribe(hear: (news: News) => void): () => void;
};

const PAUSE_MS = 1000;
const feeds = new WeakMap<Pool, Feed>();

/** The one feed of a pool: a single connection listens for all that subscribe, as long as anybody does. */
export function feedOf(pool: Pool): Feed {
  const known = feeds.get(pool) ?? createFeed(pool);
  feeds.set(pool, known);
  return known;
}

function createFeed(pool: Pool): Feed {
  const ears = new Set<(news: News) => void>();
  const tell = (news: News) => {
    for (const hear of ears) hear(news);
  };
  let quiet: AbortController | undefined;
  return {
    subscribe(hear) {
      const ear = (news: News) => hear(news);
      ears.add(ear);
      if (!quiet) {
        quiet = new AbortController();
        void listen(pool, tell, quiet.signal);
      }
      return () => {
        ears.delete(ear);
        if (ears.size > 0) return;
        quiet?.abort();
        quiet = undefined;
      };
    },
  };
}

/** Listens until `signal` aborts; a connection that breaks is followed by another. */
async function listen(pool: Pool, tell: (news: News) => void, signal: AbortSignal): Promise<void> {
  for (let again = false; !signal.aborted; again = true) {
    if (again) await sleep(PAUSE_MS, signal);
    const connection = await pool.connect().catch(() => undefined);
    if (!connection) continue;
    const broken = new AbortController();
    const end = AbortSignal.any([signal, broken.signal]);
    connection.on('error', () => broken.abort());
    connection.on('end', () => broken.abort());
    connection.on('notification', ({ channel, payload }) => tell(readNews(channel, payload)));
    await begin(connection).catch(() => broken.abort());
    if (!end.aborted) tell({ kind: 'missed' });
    if (!end.aborted) await new Promise((resolve) => end.addEventListener('abort', resolve, { once: true }));
    connection.release(true);
  }
}

async function begin(connection: Connection): Promise<void> {
  await connection.query('listen refund_cases');
  await connection.query('listen pg_recommendations');
}

function readNews(channel: string, payload: string | undefined): News {
  if (channel === 'refund_cases' && payload) return { kind: 'case', orderId: payload };
  return { kind: 'recommendations' };
}
