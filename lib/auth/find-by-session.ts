import { z } from 'zod';
import type { Pool } from '#db/client.ts';
import { prepared } from '#db/prepared.ts';
import { roles } from '#lib/contract/person.ts';
import { hashSessionToken } from './hash-token.ts';
import type { Identity } from './identity.ts';

/** A session ends after this long without a request. */
export const IDLE_MINUTES = 30;

const rowSchema = z.object({
  session_id: z.string(),
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(roles),
});

const FIND = `
    -- at most one row
    with found as (
      select
        session.id as session_id, session.last_seen_ts < now() - interval '1 minute' as is_quiet,
        person.id, person.email, person.name, person.role
      from auth.session
      join auth."user" as person on person.id = session.user_id
      where session.token = $1 and session.expires_at > now() and person.disabled_at is null
        and session.last_seen_ts > now() - make_interval(mins => $2)
    ), noted as (
      update auth.session set last_seen_ts = now() where id in (select session_id from found where is_quiet and $3)
    )
    select session_id, id, email, name, role from found`;

/** The person of a session that has not ended; where that is activity, notes once a minute that it is in use. */
export async function findBySession(
  pool: Pool,
  token: string,
  isActivity = true,
): Promise<Identity | undefined> {
  const { rows } = await pool.query(prepared(FIND, [hashSessionToken(token), IDLE_MINUTES, isActivity]));
  if (!rows[0]) return undefined;
  const { session_id, ...person } = rowSchema.parse(rows[0]);
  return { person, via: 'session', sessionId: session_id };
}
