import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { advisoryLocks } from '#db/advisory-locks.ts';
import type { Database } from '#db/client.ts';
import type { Figure } from '../figure.ts';
import { openRange, quantile, shoot } from './hammer.ts';
import { type Stage, startProcess } from './stage.ts';

const SAMPLES = 250;
/** What is promised: a new recommendation is seen within two seconds of being stored. */
const PROMISED_SECONDS = 2;
const START_MS = 20_000;
const LOST_MS = 20_000;

/**
 * Stores recommendations one by one while the sync runs, and measures how long each takes to be in the queue of a
 * screen that asks again whenever its stream of events says so.
 */
export async function benchLive({ size, scratch, servers, credentials }: Stage): Promise<Figure[]> {
  const { db, url } = scratch;
  const sync = await startProcess('../../sync.ts', ['--continuous'], { DATABASE_URL: url }, 'ignore');
  await untilAtWork(db);
  const screen = openScreen(servers.own.url, credentials[0] ?? {});
  const times: number[] = [];
  try {
    await screen.heard();
    for (let n = 0; n < SAMPLES; n++) times.push(await screen.measure(`live-${n}`, () => store(db, size, n)));
  } finally {
    screen.close();
    await sync.stop();
  }
  const what = `console, a new recommendation is in the queue, ${size} rows`;
  return [0.5, 0.99].map((share) => {
    const seconds = quantile(times, share) / 1000;
    const baseline = `the ${PROMISED_SECONDS} s that are promised`;
    const shown = `${what}, ${share === 0.5 ? 'median' : '99th percentile'} of ${SAMPLES}`;
    return { what: shown, count: 1, unit: 'answer', seconds, baseline, ratio: seconds / PROMISED_SECONDS };
  });
}

/** An order of the last day, and what the scorer says of it. */
async function store({ pool }: Database, size: number, n: number): Promise<void> {
  const values = [`live-${n}`, new Date(Date.parse('2026-01-01T00:00:00Z') + size * 100_000).toISOString()];
  await pool.query(
    `with noted as (
       insert into lakeflow.silver_orders (order_id, first_day, last_day) values ($1, $2::timestamptz::date, $2::timestamptz::date)
     )
     insert into lakeflow.silver_order_items (order_id, order_ts, order_day, line_no, brand_id, price, qty, extended_price, batch_id)
     values ($1, $2, $2::timestamptz::date, 1, 1, 30, 1, 30, 1)`,
    values,
  );
  await pool.query(
    `with locked as materialized (select pg_advisory_xact_lock(${advisoryLocks.recommendations}))
     insert into recommender.refund_recommendations (order_id, ts, order_ts, delivered_ts, location, delivery_minutes,
       order_total_usd, agent_response, refund_class, refund_usd, reason, source, policy_version, evidence)
     select $1, now(), $2, $2, 'place-1', 40, 30, '{}', 'partial', 3, 'bench', 'policy', 'v1', '{}' from locked`,
    values,
  );
}

/** It has listened since before it wrote down that it works. */
async function untilAtWork({ pool }: Database): Promise<void> {
  const end = performance.now() + START_MS;
  for (;;) {
    const { rowCount } = await pool.query(`select from recommender.sync_status where mode = 'continuous'`);
    if (rowCount) return;
    if (performance.now() > end) throw new Error('the sync has not begun to work');
    await sleep(100);
  }
}

async function lost(orderId: string): Promise<never> {
  await sleep(LOST_MS, undefined, { ref: false });
  throw new Error(`${orderId} was stored and nobody heard of it`);
}

/** A screen with the queue on it: it hears the stream of events and asks for the queue when there are new ones. */
function openScreen(url: string, headers: Record<string, string>) {
  let news = Promise.withResolvers<void>();
  const stream = request(`${url}/api/stream`, { headers }, (response) => {
    response.on('data', () => {
      news.resolve();
      news = Promise.withResolvers();
    });
  });
  stream.on('error', () => undefined).end();
  const range = openRange(url, 1);
  return {
    heard: () => news.promise,
    measure: async (orderId: string, change: () => Promise<void>): Promise<number> => {
      let heard = news.promise;
      const started = performance.now();
      await change();
      for (;;) {
        await Promise.race([heard, lost(orderId)]);
        heard = news.promise;
        const path = `/api/recommendations?include_zero=true&search=${orderId}`;
        const { items } = JSON.parse(await shoot(range, { path, headers })) as {
          items: { order_id: string }[];
        };
        if (items.some((item) => item.order_id === orderId)) return performance.now() - started;
      }
    },
    close: () => {
      stream.destroy();
      range.agent.destroy();
    },
  };
}
