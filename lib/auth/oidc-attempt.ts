import { AsyncLocalStorage } from 'node:async_hooks';

/** What is known of a try to sign in with a provider, for the audit of one that fails. */
export type OidcAttempt = { email?: string };

const attempts = new AsyncLocalStorage<OidcAttempt>();

/** Runs one try; `noteEmail` finds it from within the auth library. */
export function runAttempt<Result>(attempt: OidcAttempt, work: () => Promise<Result>): Promise<Result> {
  return attempts.run(attempt, work);
}

/** Notes the address of an identity that has been verified. @returns no change to what is known of the person. */
export function noteEmail(email: unknown): Record<never, never> {
  const attempt = attempts.getStore();
  if (attempt && typeof email === 'string') attempt.email = email.slice(0, 320);
  return {};
}
