import type { Pool } from '#db/client.ts';

const WINDOW_SECONDS = 60;
const MAX_ATTEMPTS = 5;

/**
 * Counts a try to sign in as `email`, known or not: five a minute, kept in the database, whatever address the
 * tries come from.
 * @returns seconds to wait where the limit is reached, else undefined.
 */
export async function countSignIn(pool: Pool, email: string, now: Date): Promise<number | undefined> {
  const { rows } = await pool.query<{ attempts: number; wait: number }>(
    `
    -- one row: the tries in the current window, and seconds to its end
    with bounds as (
      select $2::timestamptz as now, $2::timestamptz - make_interval(secs => $3) as oldest
    ),
    forgotten as (
      delete from auth.sign_in_attempts where email in (
        select email from auth.sign_in_attempts, bounds
        where window_started <= oldest and email <> lower($1)
        for update of sign_in_attempts skip locked
      )
    )
    insert into auth.sign_in_attempts as known (email, attempts, window_started)
    select lower($1), 1, now from bounds
    on conflict (email) do update set
      attempts = case when known.window_started <= (select oldest from bounds) then 1 else known.attempts + 1 end,
      window_started = case
        when known.window_started <= (select oldest from bounds) then excluded.window_started
        else known.window_started
      end
    returning attempts, ceil(extract(epoch from window_started - (select oldest from bounds)))::integer as wait`,
    [email, now, WINDOW_SECONDS],
  );
  const [row] = rows;
  return row && row.attempts > MAX_ATTEMPTS ? Math.max(row.wait, 1) : undefined;
}

/** Forgets the tries of a person who has signed in. */
export async function forgiveSignIns(pool: Pool, email: string): Promise<void> {
  await pool.query('delete from auth.sign_in_attempts where email = lower($1)', [email]);
}
