import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { bigint, bytes, instant, integer, nullable, oneOf, type RowOf, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { type Actor, type CreateTokenInput, roles } from '#lib/contract/person.ts';
import { NotFoundError, ValidationError } from '#lib/errors.ts';
import { withAuditContext } from '../audit/write-audit.ts';
import { API_TOKEN_PREFIX, hashApiToken } from '../identity/authenticate.ts';
import { requireAdmin } from './people.ts';

const tokenColumns = {
  id: bigint,
  name: text,
  role: oneOf(roles),
  createdBy: text,
  createdTs: instant,
  expiresTs: instant,
  lastUsedTs: nullable(instant),
  revokedTs: nullable(instant),
};
/** A token as it is listed: without the token itself, which is shown once, when it is created. */
export type ApiToken = RowOf<typeof tokenColumns>;

const insertToken = statement({
  params: { name: text, tokenHash: bytes, role: text, createdBy: text, days: integer },
  returns: { id: bigint },
  sql: ({ name, tokenHash, role, createdBy, days }) => sql`
    insert into auth.api_tokens (name, token_hash, role, created_by, expires_ts)
    values (${name}, ${tokenHash}, ${role}, ${createdBy}, now() + make_interval(days => ${days}))
    on conflict (name) do nothing
    returning id`,
});

/**
 * Creates a token of 256 random bits for a program.
 * @returns the token; this is the only time that it is known.
 * @throws ValidationError if the name is taken, ForbiddenError unless the actor is an admin.
 */
export async function createApiToken(
  db: Database,
  actor: Actor,
  { name, role, days }: CreateTokenInput,
): Promise<string> {
  requireAdmin(actor);
  const token = `${API_TOKEN_PREFIX}${randomBytes(32).toString('base64url')}`;
  const row = { name, tokenHash: hashApiToken(token), role, createdBy: actor.email, days };
  const created = await withAuditContext(db, actor, (connection) => insertToken(connection, row));
  if (created.length > 0) return token;
  throw new ValidationError('name', `The name ${name} was used before. Choose another one.`);
}

const findTokens = statement({
  returns: tokenColumns,
  sql: () => sql`
    select id, name, role, created_by, created_ts, expires_ts, last_used_ts, revoked_ts
    from auth.api_tokens order by id desc`,
});

/** All tokens, the newest first. @throws ForbiddenError unless the actor is an admin. */
export async function listApiTokens({ pool }: Pick<Database, 'pool'>, actor: Actor): Promise<ApiToken[]> {
  requireAdmin(actor);
  return findTokens(pool, {});
}

const revokeToken = statement({
  params: { tokenId: bigint, revokedBy: text },
  returns: { id: bigint },
  sql: ({ tokenId, revokedBy }) => sql`
    update auth.api_tokens set revoked_ts = clock_timestamp(), revoked_by = ${revokedBy}
    where id = ${tokenId} and revoked_ts is null
    returning id`,
});

/** Revokes a token for good. @throws NotFoundError, ForbiddenError unless the actor is an admin. */
export async function revokeApiToken(
  db: Database,
  actor: Actor,
  { tokenId }: { tokenId: string },
): Promise<void> {
  requireAdmin(actor);
  const revoked = await withAuditContext(db, actor, (connection) =>
    revokeToken(connection, { tokenId, revokedBy: actor.email }),
  );
  if (revoked.length === 0) throw new NotFoundError('There is no such token, or it is already revoked.');
}
