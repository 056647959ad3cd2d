import { setTimeout as wait } from 'node:timers/promises';
import { insertRecommendations } from '#lib/sync/recommendations.testing.ts';
import { type Bench, withBench } from './lab.ts';
import type { ChaosContext, ChaosPart } from './part.ts';
import { killSync, startSync } from './run-sync.ts';

type Load = { name: string; rowsAtOnce: number; pauseMs: number; limitSeconds: number };

const loads: Load[] = [
  { name: 'idle', rowsAtOnce: 1, pauseMs: 250, limitSeconds: 2 },
  { name: 'at_500_a_second', rowsAtOnce: 25, pauseMs: 50, limitSeconds: 5 },
];

/** How long a recommendation takes to the synced table, from before it is written until the sync writes it. */
export const syncLag: ChaosPart = {
  goal: '99 % of recommendations are in the synced table within 2 s when little happens, within 5 s at 500 a second',
  times: 400,
  short: 10,
  run: (context) => withBench(context.lab, (bench) => measure(context, bench)),
};

async function measure({ times, signal }: ChaosContext, bench: Bench) {
  const sync = startSync(bench.url, '--continuous');
  const figures: Record<string, number> = {};
  const problems: string[] = [];
  await insertOne(bench, 'first');
  await untilSynced(bench, signal);
  for (const { name, rowsAtOnce, pauseMs, limitSeconds } of loads) {
    const writes = rowsAtOnce === 1 ? times / 4 : times / 2;
    const started = performance.now();
    for (let n = 0; n < writes && !signal.aborted; n += 1) {
      await insertNow(bench, `${name}-${n}`, rowsAtOnce);
      await wait(Math.max(0, started + (n + 1) * pauseMs - performance.now()));
    }
    figures[`rows_a_second_${name}`] = Math.round(
      (writes * rowsAtOnce * 1000) / (performance.now() - started),
    );
    await untilSynced(bench, signal);
    const p99 = await readLag(bench, name);
    figures[`p99_seconds_${name}`] = Number(p99.toFixed(3));
    if (p99 > limitSeconds) problems.push(`${name}: ${p99.toFixed(2)} s`);
  }
  await killSync(sync);
  return { figures, problems };
}

async function insertNow({ db }: Bench, name: string, count: number): Promise<void> {
  const ts = new Date().toISOString();
  const rows = Array.from({ length: count }, (_, n) => ({
    orderId: `${name}-${n}`,
    ts,
    version: 'v1',
    refund: 3,
  }));
  await insertRecommendations(db, rows);
}

const insertOne = (bench: Bench, name: string) => insertNow(bench, name, 1);

async function untilSynced({ db }: Bench, signal: AbortSignal): Promise<void> {
  const behind = `
    select from recommender.refund_recommendations as given
    where not exists (select from recommender.pg_recommendations as there where there.order_id = given.order_id)
    limit 1`;
  while (!signal.aborted && (await db.pool.query(behind)).rowCount) await wait(20);
}

async function readLag({ db }: Bench, name: string): Promise<number> {
  const { rows } = await db.pool.query<{ p99: number }>(
    `
    select percentile_cont(0.99) within group (order by extract(epoch from synced_at - ts)) as p99
    from recommender.pg_recommendations
    where order_id like $1`,
    [`${name}-%`],
  );
  return rows[0]?.p99 ?? Number.POSITIVE_INFINITY;
}
