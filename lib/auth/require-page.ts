import { randomUUID } from 'node:crypto';
import { headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { mayActAs, type Role } from '#lib/contract/person.ts';
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
  const person = await getPerson(await headers(), runtime);
  if (!person) redirect(`/sign-in?${new URLSearchParams({ next: safeRedirect(here) })}`);
  if (!mayActAs(person, role)) notFound();
  return { person, db: runtime.db, clock: runtime.clock, requestId: randomUUID() };
}
