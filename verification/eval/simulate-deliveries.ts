import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { integer, type RowOf, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { fixedClock } from '#lib/clock.ts';
import { silentProgress } from '#lib/progress.ts';
import { simulate } from '#lib/simulator/index.ts';
import { drainVolume } from '../setup/drain-volume.ts';

const columns = { order_id: text, location: text, delivered_ts: text, seconds: integer, total_usd: text };
/** A delivery as the golden set stores it: whole seconds, decimal dollars. */
export type SimulatedDelivery = RowOf<typeof columns>;

const findDeliveries = statement({
  returns: columns,
  sql: () => sql`
    -- one row per delivery
    select
      delivery.order_id, delivery.location,
      to_char(delivery.delivered_ts at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as delivered_ts,
      round(delivery.delivery_minutes * 60)::integer as seconds,
      sum(line.extended_price)::numeric(18, 2)::text as total_usd
    from lakeflow.silver_deliveries as delivery
    join lakeflow.silver_order_items as line using (order_id)
    group by delivery.order_id
    order by delivery.delivered_ts, delivery.order_id`,
});

const UNTIL = '2026-06-03T12:00:00Z';
const DAYS = 3;

/** Three simulated days of all locations, run through the pipeline: every delivery in the order of its time. */
export async function simulateDeliveries(
  db: Database,
  volume: string,
  signal: AbortSignal,
): Promise<SimulatedDelivery[]> {
  const directories = { volume, dimensions: 'data/dimensional', configs: 'data/locations' };
  const say = () => undefined;
  await simulate(
    { ...directories, location: 'all', days: DAYS, seed: 20_260_601, live: false, flushSeconds: 1 },
    { clock: fixedClock(UNTIL), signal, say, showProgress: () => silentProgress },
  );
  await drainVolume({ db, volume, signal });
  return findDeliveries(db.pool, {});
}
