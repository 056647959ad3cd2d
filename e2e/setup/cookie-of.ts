import type { Role } from '#lib/contract/person.ts';
import type { System } from './open-system.ts';
import { signIn } from './sign-in.ts';

/** Signs in over HTTP with the account of a role. @returns the session cookie. */
export async function cookieOf(
  { url, accounts }: Pick<System, 'url' | 'accounts'>,
  role: Role,
): Promise<string> {
  const account = accounts.find((candidate) => candidate.role === role);
  if (!account) throw new Error(`no account with the role ${role}`);
  return signIn(url, account);
}
