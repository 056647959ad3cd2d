import type { Database } from '#db/client.ts';
import { systemClock } from '#lib/clock.ts';
import { silentLog } from '#lib/log.ts';
import { silentProgress } from '#lib/progress.ts';
import {
  getActivePolicy,
  judgeOrder,
  listDeliveries,
  listPastDeliveries,
  measureOrders,
  recommendOnce,
  rollPercentiles,
  scoreOrders,
  sharesOf,
} from '#lib/recommender/index.ts';
import type { Figure } from './figure.ts';
import { timed } from './scratch.ts';

const BASELINE = 'one pass over a sorted window of the deliveries, read from Postgres';
const DAY_MICROS = 86_400_000_000;
const EVERYTHING = 10_000_000;

/**
 * All delivered orders by the active policy: class and amount against the exact rolling percentiles; the same with
 * reason, evidence and counterfactual; and all of it read, scored and stored, as the stream does it.
 */
export async function benchRecommend(db: Database, signal: AbortSignal): Promise<Figure[]> {
  await db.pool.query(`insert into recommender.stream values (true, '-infinity', now())`);
  const passed = await fastest(() => passOnce(db));
  const policy = await getActivePolicy(db.pool);
  const { chosen } = await listPastDeliveries(db.pool, 'policy', { batchId: '0', orderId: '' }, EVERYTHING);
  const judged = await fastest(async () => {
    const measured = await measureOrders(db.pool, policy, chosen);
    return measured.map(({ order, benchmark }) => judgeOrder(policy, order, benchmark).refund);
  });
  const scored = await fastest(() => scoreOrders(db.pool, policy, chosen));
  const stored = await timed(() =>
    recommendOnce(db, {
      clock: systemClock,
      log: silentLog,
      signal,
      say: () => undefined,
      startProgress: () => silentProgress,
      scorer: undefined,
      callsPerHour: 0,
      outageMs: 0,
    }),
  );
  const figure = (what: string, count: number, seconds: number): Figure => ({
    what,
    count,
    unit: 'orders',
    seconds,
    baseline: BASELINE,
    ratio: seconds / passed.seconds,
  });
  return [
    figure('recommend by policy: class and amount', judged.result.length, judged.seconds),
    figure('recommend by policy: with reason and evidence', scored.result.length, scored.seconds),
    figure('recommend by policy: read, scored and stored', stored.result.orders, stored.seconds),
  ];
}

/** The least that exact rolling percentiles cost: every delivery read in order, entering and leaving a sorted window. */
async function passOnce(db: Database): Promise<void> {
  const policy = await getActivePolicy(db.pool);
  const { rows } = await db.pool.query<{ location: string }>(
    'select distinct location from lakeflow.silver_deliveries where location is not null',
  );
  for (const { location } of rows) {
    const deliveries = await listDeliveries(
      db.pool,
      location,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    );
    const rolling = rollPercentiles(deliveries, DAY_MICROS, sharesOf(policy));
    for (const { deliveredAt } of deliveries) rolling.at(deliveredAt);
  }
}

/** The fastest of three runs: what the machine does besides only ever adds. */
async function fastest<Result>(work: () => Promise<Result>): Promise<{ seconds: number; result: Result }> {
  const runs = [await timed(work), await timed(work), await timed(work)];
  return runs.reduce((best, run) => (run.seconds < best.seconds ? run : best));
}
