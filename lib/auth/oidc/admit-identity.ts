import { sql } from 'drizzle-orm/sql';
import type { Pool } from '#db/client.ts';
import { boolean, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { OidcSettings } from './settings.ts';

/** A person that the provider vouches for, and what the auth library is about to do with them. */
type VerifiedIdentity = {
  user: { id?: string; emailVerified?: boolean };
  source: { action: 'create-user' | 'link-account' | 'sign-in' };
};
type Refusal = { error: 'unknown' | 'unverified' | 'disabled' | 'other_identity' };

/** At most one row. An account of a provider is named by its issuer, a space and the person's subject there. */
const findPerson = statement({
  params: { personId: text, issuer: text },
  returns: { isDisabled: boolean, hasIdentity: boolean },
  sql: ({ personId, issuer }) => sql`
    select
      disabled_at is not null as is_disabled,
      exists (
        select from auth.account
        where user_id = person.id and provider_id = 'oidc' and split_part(account_id, ' ', 1) = ${issuer}
      ) as has_identity
    from auth."user" as person where id = ${personId}`,
});

/**
 * Decides whether a verified identity may sign in: it needs an account that is not disabled and an address that the
 * provider has verified. A person who signed in before must have the same identity at this issuer, because an address may
 * later belong to another person.
 */
export async function admitIdentity(
  pool: Pool,
  { issuer }: Pick<OidcSettings, 'issuer'>,
  { user, source }: VerifiedIdentity,
): Promise<Refusal | undefined> {
  if (source.action === 'create-user' || user.id === undefined) return { error: 'unknown' };
  if (user.emailVerified !== true) return { error: 'unverified' };
  const [person] = await findPerson(pool, { personId: user.id, issuer });
  if (!person) return { error: 'unknown' };
  if (person.isDisabled) return { error: 'disabled' };
  return source.action === 'link-account' && person.hasIdentity ? { error: 'other_identity' } : undefined;
}
