import type { Database } from '#db/client.ts';
import { systemClock } from '#lib/clock.ts';
import { silentLog } from '#lib/log.ts';
import { silentProgress } from '#lib/progress.ts';
import { recommendOnce } from '#lib/recommender/run.ts';
import type { Figure } from './figure.ts';
import { timed } from './scratch.ts';

/** All delivered orders scored and stored; the baseline reads and sorts the deliveries of each location. */
export async function benchRecommend(db: Database, signal: AbortSignal): Promise<Figure> {
  const baseline = await timed(() =>
    db.pool.query(
      `select location, delivered_ts, delivery_minutes from lakeflow.silver_deliveries order by location, delivered_ts`,
    ),
  );
  const tools = {
    clock: systemClock,
    log: silentLog,
    signal,
    say: () => undefined,
    scorer: undefined,
    callsPerHour: 0,
    outageMs: 0,
  };
  const { seconds, result } = await timed(() =>
    recommendOnce(db, { ...tools, startProgress: () => silentProgress }),
  );
  return {
    what: 'recommend, policy v1',
    count: result.orders,
    unit: 'orders',
    seconds,
    baseline: 'one sorted read of the deliveries',
    ratio: seconds / baseline.seconds,
  };
}
