import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { advisoryLocks } from '#db/advisory-locks.ts';
import type { Database } from '#db/client.ts';
import { startProcess } from '../../setup/start-process.ts';
import type { Figure } from '../figure.ts';
import { openClients, quantile, sendRequest } from './http-load.ts';
import type { Testbed } from './testbed.ts';

const SAMPLES = 250;
/** The promise: a new recommendation is visible within two seconds. */
const PROMISED_SECONDS = 2;
const MAX_START_MS = 20_000;
const MAX_WAIT_MS = 20_000;

/**
 * Stores recommendations one by one while the sync runs, and measures how long each takes to be in the queue of a
 * screen that reloads it after every event of its stream.
 */
export async function benchLive({ size, scratch, servers, credentials }: Testbed): Promise<Figure[]> {
  const { db, url } = scratch;
  const sync = startProcess('scripts/sync.ts', ['--continuous'], { DATABASE_URL: url }, 'ignore');
  await untilSyncing(db);
  const screen = openScreen(servers.console.url, credentials[0] ?? {});
  const times: number[] = [];
  try {
    await screen.nextEvent();
    for (let n = 0; n < SAMPLES; n++)
      times.push(await screen.measure(`live-${n}`, () => storeRecommendation(db, size, n)));
  } finally {
    screen.close();
    await sync.stop();
  }
  const what = `console, a new recommendation is in the queue, ${size} rows`;
  return [0.5, 0.99].map((share) => {
    const seconds = quantile(times, share) / 1000;
    const statistic = `${share === 0.5 ? 'median' : '99th percentile'} of ${SAMPLES}`;
    return {
      what: `${what}, ${statistic}`,
      count: 1,
      unit: 'response',
      seconds,
      baseline: `the promised ${PROMISED_SECONDS} s`,
      ratio: seconds / PROMISED_SECONDS,
    };
  });
}

/** Stores an order of the last day and its recommendation. */
async function storeRecommendation({ pool }: Database, size: number, n: number): Promise<void> {
  const values = [`live-${n}`, new Date(Date.parse('2026-01-01T00:00:00Z') + size * 100_000).toISOString()];
  await pool.query(
    `with created as (
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

/** The sync listens for notifications before it writes its status. */
async function untilSyncing({ pool }: Database): Promise<void> {
  const end = performance.now() + MAX_START_MS;
  for (;;) {
    const { rowCount } = await pool.query(`select from recommender.sync_status where mode = 'continuous'`);
    if (rowCount) return;
    if (performance.now() > end) throw new Error('the sync has not started');
    await wait(100);
  }
}

async function failAfterWait(orderId: string): Promise<never> {
  await wait(MAX_WAIT_MS, undefined, { ref: false });
  throw new Error(`${orderId} was stored but not announced`);
}

/** A screen with the queue on it: it listens to the stream of events and reloads the queue after each one. */
function openScreen(url: string, headers: Record<string, string>) {
  let event = Promise.withResolvers<void>();
  const stream = request(`${url}/api/stream`, { headers }, (response) => {
    response.on('data', () => {
      event.resolve();
      event = Promise.withResolvers();
    });
  });
  stream.on('error', () => undefined).end();
  const client = openClients(url, 1);
  return {
    nextEvent: () => event.promise,
    measure: async (orderId: string, change: () => Promise<void>): Promise<number> => {
      let announced = event.promise;
      const started = performance.now();
      await change();
      for (;;) {
        await Promise.race([announced, failAfterWait(orderId)]);
        announced = event.promise;
        const path = `/api/recommendations?include_zero=true&search=${orderId}`;
        const { items } = JSON.parse(await sendRequest(client, { path, headers })) as {
          items: { order_id: string }[];
        };
        if (items.some((item) => item.order_id === orderId)) return performance.now() - started;
      }
    },
    close: () => {
      stream.destroy();
      client.agent.destroy();
    },
  };
}
