import type { Database } from '#db/client.ts';

/**
 * `never`: no sync has run. `failing`: its last try failed. `stopped`: it ran on and has not been seen for a while.
 * `behind`: recommendations wait. `current`: the console sees every recommendation.
 */
export type SyncState = 'never' | 'failing' | 'stopped' | 'behind' | 'current';

/** How the synced table stands to its source. Times are ISO 8601 in UTC; `lagSeconds` is the age of the oldest that waits. */
export type SyncStatus = {
  state: SyncState;
  mode: 'snapshot' | 'triggered' | 'continuous' | null;
  behind: number;
  lagSeconds: number;
  checkedTs: string | null;
  failingSinceTs: string | null;
  error: string | null;
  quarantined: number;
};

/** A sync that runs on writes down how it stands every two seconds. */
const STOPPED_AFTER_SECONDS = 30;

type Row = {
  mode: SyncStatus['mode'];
  behind: number;
  oldest_ts: Date | null;
  checked_at: Date | null;
  failing_since: Date | null;
  error: string | null;
  quarantined: number;
};

const query = `
-- one row: what the sync wrote down, and what waits here where the source is this database
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
  (select count(*)::integer from recommender.sync_quarantine) as quarantined
from here
cross join (select exists (select from recommender.refund_recommendations) as source_is_here) as place
left join recommender.sync_status as status on status.name = 'pg_recommendations'`;

/** Reads lag, mode and failures of the sync; `now` tells how old they are. */
export async function getSyncStatus(db: Database, now: Date): Promise<SyncStatus> {
  const { rows } = await db.pool.query<Row>(query);
  const [row] = rows;
  if (!row) throw new Error('the status of the sync is always one row');
  const secondsSince = (at: Date) => Math.max((now.getTime() - at.getTime()) / 1000, 0);
  return {
    state: judge(row, row.checked_at && secondsSince(row.checked_at)),
    mode: row.mode,
    behind: row.behind,
    lagSeconds: row.oldest_ts ? secondsSince(row.oldest_ts) : 0,
    checkedTs: row.checked_at?.toISOString() ?? null,
    failingSinceTs: row.failing_since?.toISOString() ?? null,
    error: row.error,
    quarantined: row.quarantined,
  };
}

function judge(row: Row, checkedSeconds: number | null): SyncState {
  if (row.mode === null || checkedSeconds === null) return 'never';
  if (row.failing_since) return 'failing';
  if (row.mode === 'continuous' && checkedSeconds > STOPPED_AFTER_SECONDS) return 'stopped';
  return row.behind > 0 ? 'behind' : 'current';
}
