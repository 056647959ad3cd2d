import type { Database } from '#db/client.ts';
import { sleep, systemClock } from '#lib/clock.ts';
import { silentLog } from '#lib/log.ts';
import { syncOnce } from '#lib/sync/index.ts';
import { type Figure, timed } from './figure.ts';

/** Copies all recommendations and their orders within Postgres, in one pass, without versions, keys and checks. */
const COPY = `
  create table public.bench_recommendations as table recommender.refund_recommendations;
  create table public.bench_orders as
  select order_id, json_agg(body order by ts, sequence) as events, min(ts) as created_ts
  from lakeflow.all_events
  where order_id in (select order_id from recommender.refund_recommendations)
  group by order_id`;

/** Carries all recommendations and their orders into the console's tables, of the same database. */
export async function benchSync(db: Database, signal: AbortSignal): Promise<Figure> {
  const options = { clock: systemClock, log: silentLog, signal, sleep, say: () => undefined };
  const synced = await timed(() => syncOnce({ source: db, target: db }, options));
  const copied = await timed(() => db.pool.query(COPY));
  await db.pool.query('drop table public.bench_recommendations, public.bench_orders');
  return {
    what: 'sync: recommendations with their orders, lines and events',
    count: synced.result.read,
    unit: 'orders',
    seconds: synced.seconds,
    baseline: 'one pass within Postgres over the same recommendations and events',
    ratio: synced.seconds / copied.seconds,
  };
}
