import { randomUUID } from 'node:crypto';
import { headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { mayActAs, type Role } from '#lib/contract/person.ts';
import { ForbiddenError } from '#lib/errors.ts';
import { auditDenial } from './audit-denial.ts';
import { consoleRuntime } from './console-runtime.ts';
import { getPerson } from './get-person.ts';
import { safeRedirect } from './safe-redirect.ts';
import type { PersonContext } from './types.ts';

/**
 * Lets the signed-in person into a page. Without a session it leads to the sign-in and from there back to
 * `here`, the page's own path; where the role is too small, the page does not exist.
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
  await auditDenial(runtime, denial, { actor: person.email, what: here, requestId });
  notFound();
}
