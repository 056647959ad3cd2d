import type { Database } from '#db/client.ts';
import { type Actor, mayActAs, type Person } from '#lib/contract/person.ts';
import { NotFoundError } from '#lib/errors.ts';
import { IDLE_MINUTES } from './find-by-session.ts';
import { inRequest } from './in-request.ts';
import { nameEnding } from './name-ending.ts';

/** An open session, without anything that could be used to sign in. Times are ISO 8601 in UTC. */
export type OpenSession = {
  id: string;
  startedTs: string;
  lastSeenTs: string;
  address: string | null;
  browser: string | null;
};

type Row = {
  id: string;
  created_at: Date;
  last_seen_ts: Date;
  ip_address: string | null;
  user_agent: string | null;
};

/** The open sessions of a person, the one used last first. */
export async function listSessions(
  { pool }: Pick<Database, 'pool'>,
  { id }: Pick<Person, 'id'>,
): Promise<OpenSession[]> {
  const { rows } = await pool.query<Row>(
    `
    -- one row per open session
    select id, created_at, last_seen_ts, nullif(ip_address, '') as ip_address, nullif(user_agent, '') as user_agent
    from auth.session
    where user_id = $1 and expires_at > now() and last_seen_ts > now() - make_interval(mins => $2)
    order by last_seen_ts desc`,
    [id, IDLE_MINUTES],
  );
  return rows.map((row) => ({
    id: row.id,
    startedTs: row.created_at.toISOString(),
    lastSeenTs: row.last_seen_ts.toISOString(),
    address: row.ip_address,
    browser: row.user_agent,
  }));
}

/** Ends a session of one's own; an admin ends anybody's. @throws NotFoundError where there is none such. */
export async function revokeSession(
  db: Database,
  actor: Actor & Pick<Person, 'id'>,
  { sessionId }: { sessionId: string },
): Promise<void> {
  await inRequest(db, actor, async (connection) => {
    await nameEnding(connection, 'revoked');
    const { rowCount } = await connection.query(
      'delete from auth.session where id = $1 and (user_id = $2 or $3)',
      [sessionId, actor.id, mayActAs(actor, 'admin')],
    );
    if (!rowCount) throw new NotFoundError('There is no such session any longer.');
  });
}
