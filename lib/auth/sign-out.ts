import type { Database } from '#db/client.ts';
import type { Identity } from './identity.ts';
import { inRequest } from './in-request.ts';
import { nameEnding } from './name-ending.ts';

/** Ends the session that a request came with; a token or a proxy's word is no session and stays. */
export async function signOut(
  db: Pick<Database, 'pool'>,
  { person, sessionId }: Identity,
  requestId: string,
): Promise<void> {
  if (sessionId === undefined) return;
  await inRequest(db, { email: person.email, requestId }, async (connection) => {
    await nameEnding(connection, 'sign_out');
    await connection.query('delete from auth.session where id = $1', [sessionId]);
  });
}
