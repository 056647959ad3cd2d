export type SignInFailure = { title: string; advice: string; requestId?: string };

const failureByStatus: Record<number, { title: string; advice: string }> = {
  401: {
    title: 'E-mail and password do not match',
    advice: 'Check both and try again. The password may have been changed since you last signed in.',
  },
  403: { title: 'This account may not sign in', advice: 'Ask your administrator.' },
  429: { title: 'Too many tries', advice: 'Wait a minute, then try again.' },
};
const offline = { title: 'The console cannot be reached', advice: 'Check the connection and try again.' };
const unavailable = {
  title: 'This way is closed just now',
  advice: 'What you sign in with does not answer. Use your password, or try again in a moment.',
};
const unexpected = { title: 'Signing in failed', advice: 'Nothing was changed. Try again in a moment.' };

/** Signs in with a password. @returns the failure to show; undefined after a success. */
export async function signIn(email: string, password: string): Promise<SignInFailure | undefined> {
  const response = await post('/api/auth/sign-in/email', { email, password });
  return response?.ok ? undefined : describe(response);
}

/** Starts a sign-in with the provider. @returns the page of the provider to go to, or the failure to show. */
export async function startSingleSignOn(next: string): Promise<{ url: string } | SignInFailure> {
  const response = await post('/api/auth/sign-in/oidc', { next });
  if (response?.ok) return (await response.json()) as { url: string };
  return response?.status === 503 ? { ...unavailable, requestId: requestIdOf(response) } : describe(response);
}

function post(path: string, body: unknown): Promise<Response | undefined> {
  const headers = { 'content-type': 'application/json' };
  return fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }).catch(() => undefined);
}

function describe(response: Response | undefined): SignInFailure {
  if (!response) return offline;
  return { ...(failureByStatus[response.status] ?? unexpected), requestId: requestIdOf(response) };
}

const requestIdOf = (response: Response) => response.headers.get('x-request-id') ?? undefined;
