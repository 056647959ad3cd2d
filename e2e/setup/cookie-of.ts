import type { Role } from '#lib/contract/person.ts';
import type { System } from './system-file.ts';

/** Signs in over HTTP as the system's account of a role. @returns the session's cookie. */
export async function cookieOf(
  { url, accounts }: Pick<System, 'url' | 'accounts'>,
  role: Role,
): Promise<string> {
  const account = accounts.find((candidate) => candidate.role === role);
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email: account?.email, password: account?.password }),
  });
  if (!answer.ok) throw new Error(`nobody signs in as ${role}: ${answer.status}`);
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}
