import { randomBytes } from 'node:crypto';
import type { Database } from '#db/client.ts';
import type { Actor, CreateTokenInput, Role } from '#lib/contract/person.ts';
import { NotFoundError, ValidationError } from '#lib/errors.ts';
import { TOKEN_PREFIX } from './find-by-api-token.ts';
import { hashApiToken } from './hash-token.ts';
import { inRequest } from './in-request.ts';
import { requireAdmin } from './manage-people.ts';

/** A token as it is listed; the token itself is shown when it is made and known to nobody afterwards. */
export type ApiToken = {
  id: string;
  name: string;
  role: Role;
  createdBy: string;
  createdTs: string;
  expiresTs: string;
  lastUsedTs: string | null;
  revokedTs: string | null;
};

type Row = {
  id: string;
  name: string;
  role: Role;
  created_by: string;
  created_ts: Date;
  expires_ts: Date;
  last_used_ts: Date | null;
  revoked_ts: Date | null;
};

/**
 * Makes a token of 256 random bits for a program.
 * @returns the token, the only time that it is known.
 * @throws ValidationError where the name is taken, ForbiddenError for anybody but an admin.
 */
export async function createApiToken(db: Database, actor: Actor, input: CreateTokenInput): Promise<string> {
  requireAdmin(actor);
  const token = `${TOKEN_PREFIX}${randomBytes(32).toString('base64url')}`;
  const made = await inRequest(db, actor, (connection) =>
    connection.query(
      `insert into auth.api_tokens (name, token_hash, role, created_by, expires_ts)
      values ($1, $2, $3, $4, now() + make_interval(days => $5))
      on conflict (name) do nothing`,
      [input.name, hashApiToken(token), input.role, actor.email, input.days],
    ),
  );
  if (made.rowCount) return token;
  throw new ValidationError('name', `There has been a token ${input.name} already. Choose another name.`);
}

/** All tokens, the newest first. @throws ForbiddenError for anybody but an admin. */
export async function listApiTokens(db: Database, actor: Actor): Promise<ApiToken[]> {
  requireAdmin(actor);
  const { rows } = await db.pool.query<Row>(
    `select id::text, name, role, created_by, created_ts, expires_ts, last_used_ts, revoked_ts
    from auth.api_tokens order by auth.api_tokens.id desc`,
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    role: row.role,
    createdBy: row.created_by,
    createdTs: row.created_ts.toISOString(),
    expiresTs: row.expires_ts.toISOString(),
    lastUsedTs: row.last_used_ts?.toISOString() ?? null,
    revokedTs: row.revoked_ts?.toISOString() ?? null,
  }));
}

/** Ends a token for good. @throws NotFoundError, ForbiddenError for anybody but an admin. */
export async function revokeApiToken(
  db: Database,
  actor: Actor,
  { tokenId }: { tokenId: string },
): Promise<void> {
  requireAdmin(actor);
  const { rowCount } = await inRequest(db, actor, (connection) =>
    connection.query(
      `update auth.api_tokens set revoked_ts = clock_timestamp(), revoked_by = $2
      where id = $1 and revoked_ts is null`,
      [tokenId, actor.email],
    ),
  );
  if (!rowCount) throw new NotFoundError('There is no such token, or it is revoked already.');
}
