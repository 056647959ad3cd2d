import { APIError } from 'better-auth/api';
import { z } from 'zod';
import { TooManyRequestsError, UnauthenticatedError } from '#lib/errors.ts';
import { type ConsoleRuntime, consoleRuntime } from './console-runtime.ts';

export const credentialsSchema = z.object({
  email: z.string().trim().min(1, 'Enter your e-mail address.').max(320),
  password: z.string().min(1, 'Enter your password.').max(128),
});
export type Credentials = z.infer<typeof credentialsSchema>;

/**
 * Signs a person in; inside a server action the answer carries the session's cookie.
 * @throws UnauthenticatedError where address and password do not fit, TooManyRequestsError after five tries.
 */
export async function signIn(
  credentials: Credentials,
  headers: Headers,
  { auth }: Pick<ConsoleRuntime, 'auth'> = consoleRuntime(),
): Promise<void> {
  try {
    await auth.api.signInEmail({ body: credentials, headers });
  } catch (error) {
    throw error instanceof APIError ? explain(error) : error;
  }
}

function explain(error: APIError): Error {
  if (error.statusCode === 429) {
    const wait = Number(error.body?.retryAfter ?? 60);
    return new TooManyRequestsError(`Too many tries. Wait ${wait} seconds, then try again.`, wait);
  }
  if (error.statusCode >= 500) return error;
  return new UnauthenticatedError('The e-mail address or the password is not right.');
}
