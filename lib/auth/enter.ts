import { mayActAs, type Role } from '#lib/contract/person.ts';
import { ForbiddenError, UnauthenticatedError } from '#lib/errors.ts';
import type { ConsoleRuntime } from './console-runtime.ts';
import type { Identity } from './identity.ts';
import type { PersonContext } from './types.ts';

/**
 * Lets the person of a request in who has at least `role`.
 * @throws UnauthenticatedError without a session, ForbiddenError with too small a role.
 */
export function enter(
  runtime: Pick<ConsoleRuntime, 'db' | 'clock'>,
  role: Role,
  identity: Identity | undefined,
  requestId: string,
): PersonContext {
  if (!identity) throw new UnauthenticatedError();
  const person = { ...identity.person, requestId };
  if (!mayActAs(person, role))
    throw new ForbiddenError(`This needs the role ${role}, and yours is ${person.role}. Ask an admin.`);
  return { person, db: runtime.db, clock: runtime.clock, requestId };
}
