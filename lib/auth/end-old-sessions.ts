import type { Pool } from '#db/client.ts';
import { IDLE_MINUTES } from './find-by-session.ts';
import { hashSessionToken } from './hash-token.ts';

/** Ends the session that a browser had before it signed in anew, and sweeps those that are over by time. */
export async function endOldSessions(pool: Pool, token: string | undefined): Promise<void> {
  await pool.query(
    `delete from auth.session
    where token = $1 or expires_at <= now() or last_seen_ts <= now() - make_interval(mins => $2)`,
    [token === undefined ? null : hashSessionToken(token), IDLE_MINUTES],
  );
}
