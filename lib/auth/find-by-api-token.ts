import { z } from 'zod';
import type { Pool } from '#db/client.ts';
import { prepared } from '#db/prepared.ts';
import { roles } from '#lib/contract/person.ts';
import { hashApiToken } from './hash-token.ts';
import type { Identity } from './identity.ts';

export const TOKEN_PREFIX = 'caspers_';

const rowSchema = z.object({ id: z.string(), name: z.string(), role: z.enum(roles) });

const FIND = `
    -- at most one row
    with found as (
      select id, name, role, coalesce(last_used_ts < now() - interval '1 minute', true) as is_quiet
      from auth.api_tokens
      where token_hash = $1 and revoked_ts is null and expires_ts > now()
    ), noted as (
      update auth.api_tokens set last_used_ts = now() where id in (select id from found where is_quiet)
    )
    select id::text, name, role from found`;

/** The program of a token that is neither revoked nor over; decisions name it as `token:NAME`. */
export async function findByApiToken(pool: Pool, token: string): Promise<Identity | undefined> {
  if (!token.startsWith(TOKEN_PREFIX) || token.length > 200) return undefined;
  const { rows } = await pool.query(prepared(FIND, [hashApiToken(token)]));
  if (!rows[0]) return undefined;
  const { id, name, role } = rowSchema.parse(rows[0]);
  return { person: { id: `token:${id}`, email: `token:${name}`, name, role }, via: 'token' };
}
