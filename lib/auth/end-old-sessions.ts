import type { Database } from '#db/client.ts';
import { IDLE_MINUTES } from './find-by-session.ts';
import { hashSessionToken } from './hash-token.ts';
import { inRequest } from './in-request.ts';
import { nameEnding } from './name-ending.ts';

/** Ends the session that a browser had before `email` signed in anew, and sweeps those that are over by time. */
export async function endOldSessions(
  db: Pick<Database, 'pool'>,
  email: string,
  token: string | undefined,
): Promise<void> {
  if (token !== undefined)
    await inRequest(db, { email }, async (connection) => {
      await nameEnding(connection, 'signed_in_anew');
      await connection.query('delete from auth.session where token = $1', [hashSessionToken(token)]);
    });
  await db.pool.query(
    `delete from auth.session
    where expires_at <= now() or last_seen_ts <= now() - make_interval(mins => $1)`,
    [IDLE_MINUTES],
  );
}
