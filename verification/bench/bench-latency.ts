import { mkdir } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { bigint, double, nullable } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { sleep, systemClock } from '#lib/clock.ts';
import { formatTimestamp } from '#lib/contract/timestamp.ts';
import { defaultLimits, runPipeline } from '#lib/pipeline/index.ts';
import { writeFileAtomically } from '#lib/volume/index.ts';
import { ADDRESS_KEY } from '../setup/scratch.ts';
import type { Figure } from './figure.ts';

const GOAL_SECONDS = 2;
const SECONDS = 15;
/** Files of 100 events, ten a second. */
const PER_FILE = 100;
const EVERY_MS = 100;

/** The longest time from an event to its order in gold, at a steady 1,000 events a second; the baseline is the goal of 2 s. */
export async function benchLatency(db: Database, directory: string, signal: AbortSignal): Promise<Figure> {
  const volume = `${directory}/latency`;
  await mkdir(volume);
  const stop = new AbortController();
  const options = {
    db,
    volume,
    mode: 'continuous',
    limits: defaultLimits,
    addressKey: ADDRESS_KEY,
    clock: systemClock,
    sleep,
  } as const;
  const ends = AbortSignal.any([signal, stop.signal]);
  const running = runPipeline({ ...options, signal: ends, say: () => undefined });
  const latencies = watchGold(db, stop.signal);
  const files = (SECONDS * 1000) / EVERY_MS;
  for (let file = 0; file < files; file += 1) {
    const due = wait(EVERY_MS);
    await writeFileAtomically(volume, `${String(file).padStart(6, '0')}.json`, makeFile(file));
    await due;
  }
  await wait(GOAL_SECONDS * 1000);
  stop.abort();
  await running;
  const worst = Math.max(...(await latencies));
  return {
    what: 'pipeline, event time to gold at 1,000 events/s, maximum',
    count: files * PER_FILE,
    unit: 'events',
    seconds: worst,
    baseline: '2 s',
    ratio: worst / GOAL_SECONDS,
  };
}

function makeFile(file: number): string {
  const body = JSON.stringify({ items: [{ id: 1, brand_id: 2, name: 'Soup', price: 5, qty: 1 }] });
  const line = (n: number) => ({
    event_id: `latency-${file}-${n}`,
    event_type: n === 0 ? 'order_created' : 'driver_ping',
    ts: formatTimestamp(systemClock.now().getTime()),
    location: 'sf',
    order_id: `latency-${file}`,
    sequence: n,
    body: n === 0 ? body : '{}',
  });
  return Array.from({ length: PER_FILE }, (_, n) => `${JSON.stringify(line(n))}\n`).join('');
}

const readNewestBatch = statement({
  returns: { batch: bigint },
  sql: () => sql`select coalesce(max(batch_id), 0) as batch from lakeflow.silver_order_items`,
});

const readLatency = statement({
  params: { after: bigint },
  returns: { seconds: nullable(double) },
  sql: ({ after }) => sql`
    select extract(epoch from clock_timestamp() - min(line.order_ts))::double precision as seconds
    from lakeflow.silver_order_items as line
    join lakeflow.gold_order_header as header using (order_id, order_day)
    where line.order_day >= current_date - 1 and line.batch_id > ${after}::bigint`,
});

/** Looks again and again at what has become visible since the last look. @returns the age of its oldest order each time. */
async function watchGold({ pool }: Database, signal: AbortSignal): Promise<number[]> {
  const latencies = [0];
  let after = '0';
  while (!signal.aborted) {
    const [newest] = await readNewestBatch(pool, {});
    const [visible] = await readLatency(pool, { after });
    if (visible?.seconds) latencies.push(visible.seconds);
    if (newest) after = newest.batch;
    await wait(20);
  }
  return latencies;
}
