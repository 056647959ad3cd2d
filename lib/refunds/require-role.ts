import { mayActAs, type Person, type Role } from '#lib/contract/person.ts';
import { ForbiddenError } from '#lib/errors.ts';

/** @throws ForbiddenError where a person's role does not include `needed`; `what` begins the sentence. */
export function requireRole(person: Pick<Person, 'role'>, needed: Role, what: string): void {
  if (!mayActAs(person, needed))
    throw new ForbiddenError(`${what} needs the role ${needed}, and yours is ${person.role}.`);
}
