import type { Connection, Pool } from '#db/client.ts';

export type SyncMode = 'snapshot' | 'triggered' | 'continuous';

/**
 * The state of the sync of a table: `behind` recommendations are not copied yet, the oldest of them scored at `oldestTs`;
 * or `behind` synced orders have changed since. When the first of those did is not known: not before the last check.
 */
export type SyncState = { mode: SyncMode; position: string; behind: number } & (
  | { name: 'pg_recommendations'; oldestTs: Date | null }
  | { name: 'pg_orders'; oldestTs: null | 'last_check' }
);

/** Stores the state of a sync that works. */
export async function writeStatus(target: Connection, state: SyncState, at: Date): Promise<void> {
  const { name, mode, position, behind, oldestTs } = state;
  const sinceLastCheck = oldestTs === 'last_check';
  await target.query(
    `
    insert into recommender.sync_status as held (name, mode, position, behind, oldest_waiting_ts, checked_at)
    values ($6, $1, $2, $3, case when $7 then $5::timestamptz else $4 end, $5)
    on conflict (name) do update
    set mode = excluded.mode, position = excluded.position, behind = excluded.behind,
      oldest_waiting_ts = case when $7 then coalesce(held.oldest_waiting_ts, held.checked_at) else $4 end,
      checked_at = excluded.checked_at, failing_since = null, error = null`,
    [mode, position, behind, sinceLastCheck ? null : oldestTs, at, name, sinceLastCheck],
  );
}

/** Stores that the sync fails; the time of the first failure is kept. */
export async function writeFailure(pool: Pool, mode: SyncMode, error: string, at: Date): Promise<void> {
  await pool.query(
    `
    insert into recommender.sync_status as held
      (name, mode, position, behind, checked_at, failing_since, error)
    values ('pg_recommendations', $1, 0, 0, $3, $3, $2)
    on conflict (name) do update
    set mode = excluded.mode, failing_since = coalesce(held.failing_since, excluded.failing_since),
      error = excluded.error`,
    [mode, error, at],
  );
}
