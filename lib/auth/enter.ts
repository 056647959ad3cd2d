import { mayActAs, type Role } from '#lib/contract/person.ts';
import { ForbiddenError, UnauthenticatedError } from '#lib/errors.ts';
import type { ConsoleRuntime } from './console-runtime.ts';
import { getPerson } from './get-person.ts';
import type { PersonContext } from './types.ts';

/**
 * Lets the person of a request in who has at least `role`.
 * @throws UnauthenticatedError without a session, ForbiddenError with too small a role.
 */
export async function enter(
  runtime: ConsoleRuntime,
  role: Role,
  headers: Headers,
  requestId: string,
): Promise<PersonContext> {
  const person = await getPerson(headers, runtime);
  if (!person) throw new UnauthenticatedError();
  if (!mayActAs(person, role))
    throw new ForbiddenError(`This needs the role ${role}, and yours is ${person.role}. Ask an admin.`);
  return { person, db: runtime.db, clock: runtime.clock, requestId };
}
