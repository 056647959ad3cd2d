import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm/sql';
import type { Pool } from '#db/client.ts';
import { bigint, boolean, bytes, group, oneOf, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { roles } from '#lib/contract/person.ts';
import { cachedIdentity, type Identity } from './identity.ts';
import type { ConsoleRuntime } from './runtime.ts';
import { hashSessionToken, isOpenSession, readSessionToken } from './session.ts';

/** A person as every part of the console knows them. */
export const personColumns = { id: text, email: text, name: text, role: oneOf(roles) };

export const API_TOKEN_PREFIX = 'caspers_';
const MAX_API_TOKEN_LENGTH = 200;

type AuthenticateOptions = {
  /** Whether a person did something, which keeps their session open. */
  isActivity?: boolean;
  /** Whether an answer of up to a second ago is good enough. */
  allowCached?: boolean;
};

/**
 * Finds who a request is from by exactly one proof: the bearer token if there is one; otherwise, behind a configured
 * proxy, the proxy's word alone; otherwise the session cookie. Undefined if the proof is missing or no longer valid.
 */
export async function authenticate(
  { db: { pool }, secret, trustedProxy }: Pick<ConsoleRuntime, 'db' | 'secret' | 'trustedProxy'>,
  headers: Headers,
  { isActivity = true, allowCached = false }: AuthenticateOptions = {},
): Promise<Identity | undefined> {
  const lookUp = (proof: string, find: () => Promise<Identity | undefined>) =>
    allowCached ? cachedIdentity(pool, proof, find) : find();
  const bearer = /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  if (bearer !== undefined)
    return lookUp(`token ${hashApiToken(bearer).toString('base64url')}`, () => findByApiToken(pool, bearer));
  if (trustedProxy) {
    if (!trustedProxy(headers)) return undefined;
    const email = headers.get('x-forwarded-email') ?? '';
    return lookUp(`proxy ${email}`, () => findByProxy(pool, email));
  }
  const token = readSessionToken(headers, secret);
  if (token === undefined) return undefined;
  const tokenHash = hashSessionToken(token);
  return lookUp(`session ${tokenHash}`, () => findBySession(pool, tokenHash, isActivity));
}

/** What the database stores of an API token. */
export function hashApiToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** At most one row. Records once a minute that the token is in use. */
const findApiToken = statement({
  params: { tokenHash: bytes },
  returns: { id: bigint, name: text, role: oneOf(roles) },
  sql: ({ tokenHash }) => sql`
    with found as (
      select id, name, role, coalesce(last_used_ts < now() - interval '1 minute', true) as is_stale
      from auth.api_tokens
      where token_hash = ${tokenHash} and revoked_ts is null and expires_ts > now()
    ), touched as (
      update auth.api_tokens set last_used_ts = now() where id in (select id from found where is_stale)
    )
    select id, name, role from found`,
});

/** A program's token that is neither revoked nor expired. Decisions name the program as `token:NAME`. */
async function findByApiToken(pool: Pool, token: string): Promise<Identity | undefined> {
  if (!token.startsWith(API_TOKEN_PREFIX) || token.length > MAX_API_TOKEN_LENGTH) return undefined;
  const [found] = await findApiToken(pool, { tokenHash: hashApiToken(token) });
  if (!found) return undefined;
  const { id, name, role } = found;
  return { person: { id: `token:${id}`, email: `token:${name}`, name, role }, via: 'token' };
}

/** At most one row. */
const findEnabledPerson = statement({
  params: { email: text },
  returns: personColumns,
  sql: ({ email }) => sql`
    select id, email, name, role from auth."user" where email = lower(${email}) and disabled_at is null`,
});

/** The person whom a trusted proxy has signed in, if they have an account that is not disabled. */
async function findByProxy(pool: Pool, email: string): Promise<Identity | undefined> {
  if (email === '' || email.includes(',')) return undefined;
  const [person] = await findEnabledPerson(pool, { email });
  return person && { person, via: 'proxy' };
}

/** At most one row. Records once a minute that the session is in use, if the request is an activity. */
const findSession = statement({
  params: { tokenHash: text, isActivity: boolean },
  returns: { sessionId: text, person: group(personColumns) },
  sql: ({ tokenHash, isActivity }) => sql`
    with found as (
      select
        session.id as session_id, session.last_seen_ts < now() - interval '1 minute' as is_stale,
        person.id, person.email, person.name, person.role
      from auth.session
      join auth."user" as person on person.id = session.user_id
      where session.token = ${tokenHash} and ${isOpenSession} and person.disabled_at is null
    ), touched as (
      update auth.session set last_seen_ts = now()
      where id in (select session_id from found where is_stale and ${isActivity})
    )
    select session_id, id, email, name, role from found`,
});

async function findBySession(
  pool: Pool,
  tokenHash: string,
  isActivity: boolean,
): Promise<Identity | undefined> {
  const [found] = await findSession(pool, { tokenHash, isActivity });
  return found && { ...found, via: 'session' };
}
