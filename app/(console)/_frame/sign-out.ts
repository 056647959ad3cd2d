import { paths } from '#app/paths.ts';

/** Ends the session and leaves for the sign-in page. @returns false where the console did not answer. */
export async function signOut(): Promise<boolean> {
  const response = await fetch('/api/auth/sign-out', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  }).catch(() => undefined);
  if (!response?.ok) return false;
  window.location.assign(paths.signIn());
  return true;
}
