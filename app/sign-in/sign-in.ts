export type SignInFailure = { title: string; advice: string; requestId?: string };

const failures: Record<number, { title: string; advice: string }> = {
  401: {
    title: 'E-mail and password do not match',
    advice: 'Check both and try again. The password may have been changed since you last signed in.',
  },
  403: { title: 'This account may not sign in', advice: 'Ask your administrator.' },
  429: { title: 'Too many tries', advice: 'Wait a minute, then try again.' },
};
const offline = { title: 'The console cannot be reached', advice: 'Check the connection and try again.' };
const other = { title: 'Signing in failed', advice: 'Nothing was changed. Try again in a moment.' };

/** Opens a session. @returns why not, in words for the person; undefined where it worked. */
export async function signIn(email: string, password: string): Promise<SignInFailure | undefined> {
  const response = await fetch('/api/auth/sign-in/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  }).catch(() => undefined);
  if (!response) return offline;
  if (response.ok) return undefined;
  const requestId = response.headers.get('x-request-id') ?? undefined;
  return { ...(failures[response.status] ?? other), requestId };
}
