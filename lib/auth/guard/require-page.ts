import { randomUUID } from 'node:crypto';
import { headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import type { Person, Role } from '#lib/contract/person.ts';
import { authenticate } from '../identity/authenticate.ts';
import { type ConsoleRuntime, consoleRuntime } from '../identity/runtime.ts';
import { auditDenial, authorize } from './authorize.ts';
import { describeFailure } from './failures.ts';
import { safeRedirect } from './safe-redirect.ts';
import type { PersonContext } from './types.ts';

/** The person that a request is from; undefined if there is none or the session has ended. */
export async function getPerson(
  requestHeaders: Headers,
  runtime: Pick<ConsoleRuntime, 'db' | 'secret' | 'trustedProxy'> = consoleRuntime(),
): Promise<Person | undefined> {
  return (await authenticate(runtime, requestHeaders))?.person;
}

/**
 * Guards a page. Without a session it redirects to the sign-in page, and from there back to `here`, the page's own
 * path; for a person without the role the page does not exist.
 */
export async function requirePage(role: Role, here = '/'): Promise<PersonContext> {
  const runtime = consoleRuntime();
  const requestId = randomUUID();
  const identity = await authenticate(runtime, await headers());
  if (!identity) redirect(`/sign-in?${new URLSearchParams({ next: safeRedirect(here) })}`);
  try {
    return authorize(runtime, role, identity, requestId);
  } catch (error) {
    describeFailure(error, requestId, runtime.log);
    await auditDenial(runtime, error, { actor: identity.person.email, target: here, requestId });
    notFound();
  }
}
