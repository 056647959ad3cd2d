import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { integer, nullable, oneOf, type RowOf, text, timestamp } from '#db/columns.ts';
import { statement } from '#db/statement.ts';

/**
 * `never`: no sync has run. `failing`: its last attempt failed. `stopped`: it ran continuously and has not reported for a while.
 * `behind`: recommendations wait. `current`: the console sees every recommendation.
 */
export type SyncState = 'never' | 'failing' | 'stopped' | 'behind' | 'current';

/** How far the synced table is behind its source. Times are ISO 8601 in UTC; `lagSeconds` is the age of the oldest recommendation that waits. */
export type SyncStatus = {
  state: SyncState;
  mode: 'snapshot' | 'triggered' | 'continuous' | null;
  behind: number;
  lagSeconds: number;
  checkedTs: string | null;
  failingSinceTs: string | null;
  error: string | null;
  quarantined: number;
  /** Synced orders whose facts have changed since, as of the last check, and how long the first of them waits at most. */
  orders: { behind: number; lagSeconds: number };
};

/** A continuous sync stores its status every two seconds. */
const STOPPED_AFTER_SECONDS = 30;

const columns = {
  mode: nullable(oneOf(['snapshot', 'triggered', 'continuous'])),
  behind: integer,
  oldestTs: nullable(timestamp),
  checkedAt: nullable(timestamp),
  failingSince: nullable(timestamp),
  error: nullable(text),
  quarantined: integer,
  ordersBehind: integer,
  ordersOldestTs: nullable(timestamp),
};

const findStatus = statement({
  returns: columns,
  sql: () => sql`
    -- one row: what the sync stored, and what waits here where the source is this database
    with here as (
      select count(*) as behind, min(ts) as oldest_ts
      from recommender.refund_recommendations
      where id > coalesce(
        (select position from recommender.sync_checkpoints where name = 'pg_recommendations'), 0)
    )
    select
      status.mode, status.checked_at, status.failing_since, status.error,
      case when source_is_here then here.behind else coalesce(status.behind, 0) end::integer as behind,
      case when source_is_here then here.oldest_ts else status.oldest_waiting_ts end as oldest_ts,
      (select count(*)::integer from recommender.sync_quarantine) as quarantined,
      coalesce(orders.behind, 0)::integer as orders_behind, orders.oldest_waiting_ts as orders_oldest_ts
    from here
    cross join (select exists (select from recommender.refund_recommendations) as source_is_here) as place
    left join recommender.sync_status as status on status.name = 'pg_recommendations'
    left join recommender.sync_status as orders on orders.name = 'pg_orders'`,
});

/** Reads lag, mode and failures of the sync, as of `now`. */
export async function getSyncStatus(db: Database, now: Date): Promise<SyncStatus> {
  const [row] = await findStatus(db.pool, {});
  if (!row) throw new Error('the status of the sync is always one row');
  const { mode, behind, oldestTs, checkedAt, failingSince, error, quarantined, ordersBehind } = row;
  const secondsSince = (at: Date) => Math.max((now.getTime() - at.getTime()) / 1000, 0);
  const ordersLag = row.ordersOldestTs ? secondsSince(row.ordersOldestTs) : 0;
  return {
    state: stateOf(row, checkedAt && secondsSince(checkedAt)),
    mode,
    behind,
    lagSeconds: oldestTs ? secondsSince(oldestTs) : 0,
    checkedTs: checkedAt?.toISOString() ?? null,
    failingSinceTs: failingSince?.toISOString() ?? null,
    error,
    quarantined,
    orders: { behind: ordersBehind, lagSeconds: ordersLag },
  };
}

function stateOf(
  { mode, behind, failingSince }: RowOf<typeof columns>,
  checkedSeconds: number | null,
): SyncState {
  if (mode === null || checkedSeconds === null) return 'never';
  if (failingSince) return 'failing';
  if (mode === 'continuous' && checkedSeconds > STOPPED_AFTER_SECONDS) return 'stopped';
  return behind > 0 ? 'behind' : 'current';
}
