import { randomUUID } from 'node:crypto';
import { headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { mayActAs, type Person, type Role } from '#lib/contract/person.ts';
import { ForbiddenError } from '#lib/errors.ts';
import { authenticate } from '../identity/authenticate.ts';
import { type ConsoleRuntime, consoleRuntime } from '../identity/runtime.ts';
import { auditDenial } from './authorize.ts';
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
  const person = await getPerson(await headers(), runtime);
  if (!person) redirect(`/sign-in?${new URLSearchParams({ next: safeRedirect(here) })}`);
  if (mayActAs(person, role))
    return { person: { ...person, requestId }, db: runtime.db, clock: runtime.clock, requestId };
  const denial = new ForbiddenError(`This page needs the role ${role}, and theirs is ${person.role}.`);
  runtime.log.warn({ requestId, actor: person.email }, denial.message);
  await auditDenial(runtime, denial, { actor: person.email, target: here, requestId });
  notFound();
}
