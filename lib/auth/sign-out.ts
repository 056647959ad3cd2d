import { type ConsoleRuntime, consoleRuntime } from './console-runtime.ts';

/** Ends the session of a request; inside a server action the answer also clears its cookie. */
export async function signOut(
  headers: Headers,
  { auth }: Pick<ConsoleRuntime, 'auth'> = consoleRuntime(),
): Promise<void> {
  await auth.api.signOut({ headers });
}
