import type { Pool } from '#db/client.ts';
import type { OidcSettings } from './oidc-settings.ts';

/** Somebody whom a provider vouches for, and what the auth library is about to do with them. */
type Given = {
  user: { id?: string; emailVerified?: boolean };
  source: { action: 'create-user' | 'link-account' | 'sign-in' };
};
export type Refusal = { error: 'unknown' | 'unverified' | 'disabled' | 'other_identity' };

/**
 * Who comes in: a person with an account, by an address that the provider has verified, who is not disabled; and
 * who came before as the same identity of this issuer, for an address may be given to somebody else later.
 */
export async function admitIdentity(
  pool: Pool,
  { issuer }: Pick<OidcSettings, 'issuer'>,
  { user, source }: Given,
): Promise<Refusal | undefined> {
  if (source.action === 'create-user') return { error: 'unknown' };
  if (user.emailVerified !== true) return { error: 'unverified' };
  const { rows } = await pool.query<{ is_disabled: boolean; has_identity: boolean }>(
    `select
      disabled_at is not null as is_disabled,
      exists (
        select from auth.account
        where user_id = person.id and provider_id = 'oidc' and split_part(account_id, ' ', 1) = $2
      ) as has_identity
    from auth."user" as person where id = $1`,
    [user.id, issuer],
  );
  const [person] = rows;
  if (!person) return { error: 'unknown' };
  if (person.is_disabled) return { error: 'disabled' };
  return source.action === 'link-account' && person.has_identity ? { error: 'other_identity' } : undefined;
}
