import type { Database } from '#db/client.ts';
import { createApiToken } from '#lib/auth/people/index.ts';
import type { Env } from '#lib/env.ts';
import type { Log } from '#lib/log.ts';
import { withScratch } from '../../setup/scratch.ts';
import { startApi } from '../../setup/start-process.ts';
import type { Figure } from '../figure.ts';
import { type ClientPool, openClients, sendRequest } from './http-load.ts';

type Options = { env: Env; log: Log; decisions: number };

const REPETITIONS = 15;
const newest = '/api/decisions';
const searches: [what: string, path: string][] = [
  ['a frequent word', `${newest}?search=late`],
  ['a rare word', `${newest}?search=lasagne`],
  ['the beginning of a rare word', `${newest}?search=lasa`],
  ['a word that does not occur', `${newest}?search=nosuchword`],
  ['a frequent word of one person', `${newest}?search=late&decided_by=person-3`],
  ['overrides only', `${newest}?suggestion=overridden`],
  ['undone decisions, of which there are none', `${newest}?kind=undo`],
  ['a day long past', `${newest}?from=2026-01-02T00:00:00Z&until=2026-01-03T00:00:00Z`],
  ['the beginning of an order', `${newest}?order_id=order-00007`],
];

/** Searches a long history; the baseline is its newest page in the same run. */
export async function benchHistory(
  { env, log, decisions }: Options,
  report: (figure: Figure) => void,
): Promise<void> {
  await withScratch(env, log, async ({ db, url, directory }) => {
    await seedHistory(db, decisions);
    const admin = { email: 'bench', role: 'admin' } as const;
    const token = await createApiToken(db, admin, { name: 'bench', role: 'reviewer', days: 1 });
    const api = await startApi(url, directory);
    try {
      const client = openClients(api.url, 1);
      const seconds = await median(client, token, newest);
      for (const [what, path] of searches) report(figureOf(what, await median(client, token, path), seconds));
      client.agent.destroy();
    } finally {
      await api.stop();
    }
  });

  function figureOf(what: string, seconds: number, baseline: number): Figure {
    return {
      what: `history of ${decisions} decisions, ${what}`,
      count: 1,
      unit: 'page',
      seconds,
      baseline: 'its newest page',
      ratio: seconds / baseline,
    };
  }
}

/** Decisions of twenty people, one every twenty seconds, every tenth an override, every 5,000th with the word lasagne. */
async function seedHistory({ pool }: Database, decisions: number): Promise<void> {
  const connection = await pool.connect();
  await connection.query('set session_replication_role = replica');
  await connection.query(
    `insert into refunds.refund_decisions (order_id, decided_ts, amount_usd, refund_class, reason, reason_code,
       decided_by, order_total_usd, recommendation_id, source_suggestion, idempotency_key, request_hash)
     select 'order-' || lpad(n::text, 8, '0'), '2026-01-01Z'::timestamptz + n * interval '20 seconds',
       case when n % 10 = 0 then 4 else 3 end, 'partial',
       (array['It came late', 'Cold on arrival, the customer called', 'Fries were missing'])[1 + n % 3]
         || case when n % 5000 = 1 then ' and the lasagne' else '' end || ', ' || substr(md5(n::text), 1, 6),
       case when n % 10 = 0 then 'goodwill' end, 'person-' || n % 20, 20, n,
       '{"refund_class": "partial", "refund_usd": 3}', 'key-of-bench-' || n, ''
     from generate_series(1, $1::integer) as n`,
    [decisions],
  );
  await connection.query('set session_replication_role = origin');
  await connection.query('vacuum analyze refunds.refund_decisions');
  connection.release();
}

/** The median seconds of a page, one request at a time, after one to warm up. */
async function median(client: ClientPool, token: string, path: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  const times: number[] = [];
  for (let n = 0; n <= REPETITIONS; n += 1) {
    const started = performance.now();
    await sendRequest(client, { path, headers });
    if (n > 0) times.push((performance.now() - started) / 1000);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(REPETITIONS / 2)] ?? 0;
}
