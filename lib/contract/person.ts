/** Roles, each of which may do what those before it may. */
export const roles = ['viewer', 'reviewer', 'lead', 'admin'] as const;
export type Role = (typeof roles)[number];

/** A signed-in person; always from the session, never from a form. */
export type Person = { id: string; email: string; name: string; role: Role };

/** Somebody with an account, as those who manage people see them. Times are ISO 8601 in UTC. */
export type Account = Person & { disabledTs: string | null; createdTs: string; sessions: number };

/** A person who does something, in the request that the audit and the log name. */
export type Actor = Pick<Person, 'email' | 'role'> & { requestId?: string };

/** Whether a person's role includes `needed`. */
export function mayActAs(person: Pick<Person, 'role'>, needed: Role): boolean {
  return roles.indexOf(person.role) >= roles.indexOf(needed);
}
