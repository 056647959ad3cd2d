import type { Connection, Pool } from '#db/client.ts';

export type SyncMode = 'snapshot' | 'triggered' | 'continuous';

/** The state of the sync: `behind` recommendations are not copied yet, the oldest of them scored at `oldestTs`. */
export type SyncState = { mode: SyncMode; position: string; behind: number; oldestTs: Date | null };

/** Stores the state of a sync that works. */
export async function writeStatus(
  target: Connection,
  { mode, position, behind, oldestTs }: SyncState,
  at: Date,
): Promise<void> {
  await target.query(
    `
    insert into recommender.sync_status (name, mode, position, behind, oldest_waiting_ts, checked_at)
    values ('pg_recommendations', $1, $2, $3, $4, $5)
    on conflict (name) do update
    set mode = excluded.mode, position = excluded.position, behind = excluded.behind,
      oldest_waiting_ts = excluded.oldest_waiting_ts, checked_at = excluded.checked_at,
      failing_since = null, error = null`,
    [mode, position, behind, oldestTs, at],
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
