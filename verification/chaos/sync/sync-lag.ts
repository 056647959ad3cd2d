import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm/sql';
import { double, nullable, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { insertRecommendations } from '#lib/sync/recommendations.testing.ts';
import type { Experiment, ExperimentContext, Outcome } from '../sandbox/experiment.ts';
import { startSync } from '../sandbox/run-commands.ts';
import { type Sandbox, withSandbox } from '../sandbox/sandbox.ts';

type Load = { name: string; rowsPerInsert: number; pauseMs: number; limitSeconds: number };

const loads: Load[] = [
  { name: 'idle', rowsPerInsert: 1, pauseMs: 250, limitSeconds: 2 },
  { name: 'at_500_a_second', rowsPerInsert: 25, pauseMs: 50, limitSeconds: 5 },
];

/** The time from before a recommendation is written until the sync has written it to the synced table. */
export const syncLag: Experiment = {
  goal: '99 % of recommendations are in the synced table within 2 s when idle, within 5 s at 500 a second',
  times: 400,
  timesInTests: 10,
  run: (context) => withSandbox(context.server, (sandbox) => measure(context, sandbox)),
};

async function measure({ times, signal }: ExperimentContext, sandbox: Sandbox): Promise<Outcome> {
  const sync = startSync(sandbox.url, '--continuous');
  const figures: Record<string, number> = {};
  const problems: string[] = [];
  await insertNow(sandbox, 'first', 1);
  await untilSynced(sandbox, signal);
  for (const { name, rowsPerInsert, pauseMs, limitSeconds } of loads) {
    const inserts = rowsPerInsert === 1 ? times / 4 : times / 2;
    const started = performance.now();
    for (let n = 0; n < inserts && !signal.aborted; n += 1) {
      await insertNow(sandbox, `${name}-${n}`, rowsPerInsert);
      await wait(Math.max(0, started + (n + 1) * pauseMs - performance.now()));
    }
    const seconds = (performance.now() - started) / 1000;
    figures[`rows_a_second_${name}`] = Math.round((inserts * rowsPerInsert) / seconds);
    await untilSynced(sandbox, signal);
    const [lag] = await readLag(sandbox.db.pool, { pattern: `${name}-%` });
    const p99 = lag?.p99 ?? Number.POSITIVE_INFINITY;
    figures[`p99_seconds_${name}`] = Number(p99.toFixed(3));
    if (p99 > limitSeconds) problems.push(`${name}: ${p99.toFixed(2)} s`);
  }
  await sync.kill();
  return { figures, problems };
}

async function insertNow({ db }: Sandbox, name: string, count: number): Promise<void> {
  const ts = new Date().toISOString();
  const rows = Array.from({ length: count }, (_, n) => ({
    orderId: `${name}-${n}`,
    ts,
    version: 'v1',
    refund: 3,
  }));
  await insertRecommendations(db, rows);
}

async function untilSynced({ db }: Sandbox, signal: AbortSignal): Promise<void> {
  const missing = `
    select from recommender.refund_recommendations as source
    where not exists (select from recommender.pg_recommendations as synced where synced.order_id = source.order_id)
    limit 1`;
  while (!signal.aborted && (await db.pool.query(missing)).rowCount) await wait(20);
}

const readLag = statement({
  params: { pattern: text },
  returns: { p99: nullable(double) },
  sql: ({ pattern }) => sql`
    select percentile_cont(0.99) within group (order by extract(epoch from synced_at - ts)) as p99
    from recommender.pg_recommendations
    where order_id like ${pattern}`,
});
