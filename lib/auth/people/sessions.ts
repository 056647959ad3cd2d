import { sql } from 'drizzle-orm/sql';
import type { Connection, Database } from '#db/client.ts';
import { boolean, instant, named, nullable, oneOf, type RowOf, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { type Actor, mayActAs, type Person } from '#lib/contract/person.ts';
import { NotFoundError } from '#lib/errors.ts';
import { withAuditContext } from '../audit/write-audit.ts';
import type { Identity } from '../identity/identity.ts';
import { hashSessionToken, isOpenSession } from '../identity/session.ts';

/** Why a session ended before its time. The audit entry of each ended session names the reason. */
const endReasons = [
  'sign_out',
  'signed_in_again',
  'revoked',
  'disabled',
  'role_lowered',
  'password_changed',
  'password_reset',
] as const;

const openSessionColumns = {
  id: text,
  startedTs: named('created_at', instant),
  lastSeenTs: instant,
  address: named('ip_address', nullable(text)),
  browser: named('user_agent', nullable(text)),
};
/** An open session, without anything that could be used to sign in. Times are ISO 8601 in UTC. */
export type OpenSession = RowOf<typeof openSessionColumns>;

const findOpenSessions = statement({
  params: { personId: text },
  returns: openSessionColumns,
  sql: ({ personId }) => sql`
    select
      id, created_at, last_seen_ts,
      nullif(ip_address, '') as ip_address, nullif(user_agent, '') as user_agent
    from auth.session
    where user_id = ${personId} and ${isOpenSession}
    order by last_seen_ts desc`,
});

/** The open sessions of a person, the most recently used first. */
export function listSessions(
  { pool }: Pick<Database, 'pool'>,
  { id }: Pick<Person, 'id'>,
): Promise<OpenSession[]> {
  return findOpenSessions(pool, { personId: id });
}

/** The reason applies to all sessions that the rest of the transaction deletes. */
const setEndReason = statement({
  params: { reason: oneOf(endReasons) },
  returns: {},
  sql: ({ reason }) => sql`select set_config('caspers.session_end_reason', ${reason}, true)`,
});

const deleteSession = statement({
  params: { sessionId: text, personId: text, ofAnyPerson: boolean },
  returns: { id: text },
  sql: ({ sessionId, personId, ofAnyPerson }) => sql`
    delete from auth.session where id = ${sessionId} and (user_id = ${personId} or ${ofAnyPerson}) returning id`,
});

/** Ends one's own session; an admin may end anyone's. @throws NotFoundError if there is no such session. */
export async function revokeSession(
  db: Database,
  actor: Actor & Pick<Person, 'id'>,
  { sessionId }: { sessionId: string },
): Promise<void> {
  await withAuditContext(db, actor, async (connection) => {
    await setEndReason(connection, { reason: 'revoked' });
    const ofAnyPerson = mayActAs(actor, 'admin');
    const deleted = await deleteSession(connection, { sessionId, personId: actor.id, ofAnyPerson });
    if (deleted.length === 0) throw new NotFoundError('This session has already ended.');
  });
}

/** Ends the session that a request came with. An API token and a proxy's word are no sessions and stay valid. */
export async function endOwnSession(
  db: Pick<Database, 'pool'>,
  { person, sessionId }: Identity,
  requestId: string,
): Promise<void> {
  if (sessionId === undefined) return;
  await withAuditContext(db, { email: person.email, requestId }, async (connection) => {
    await setEndReason(connection, { reason: 'sign_out' });
    await deleteSession(connection, { sessionId, personId: person.id, ofAnyPerson: false });
  });
}

const deleteSessionsOf = statement({
  params: { personId: text },
  returns: {},
  sql: ({ personId }) => sql`delete from auth.session where user_id = ${personId}`,
});

/** Ends all sessions of a person, in the transaction of `connection`. */
export async function endSessionsOf(
  connection: Connection,
  personId: string,
  reason: (typeof endReasons)[number],
): Promise<void> {
  await setEndReason(connection, { reason });
  await deleteSessionsOf(connection, { personId });
}

const deleteSessionByToken = statement({
  params: { tokenHash: text },
  returns: {},
  sql: ({ tokenHash }) => sql`delete from auth.session where token = ${tokenHash}`,
});

const deleteOverdueSessions = statement({
  returns: {},
  sql: () => sql`delete from auth.session where not (${isOpenSession})`,
});

/** After a sign-in: ends the session that the browser had before, and deletes all sessions that are over. */
export async function endPreviousSession(
  db: Pick<Database, 'pool'>,
  email: string,
  previousToken: string | undefined,
): Promise<void> {
  if (previousToken !== undefined)
    await withAuditContext(db, { email }, async (connection) => {
      await setEndReason(connection, { reason: 'signed_in_again' });
      await deleteSessionByToken(connection, { tokenHash: hashSessionToken(previousToken) });
    });
  await deleteOverdueSessions(db.pool, {});
}
