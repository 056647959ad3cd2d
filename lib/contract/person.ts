import { z } from 'zod';
import { nameText } from './fields.ts';

/** The roles of people. They are no ladder: an engineer runs the pipeline and decides nothing. */
export const roles = ['viewer', 'reviewer', 'lead', 'engineer', 'admin'] as const;
export type Role = (typeof roles)[number];

/**
 * Whose permissions each role has. What needs a role is open to exactly the roles that list it here: viewer reads,
 * reviewer decides, lead approves, sets policies and limits and runs scenarios, engineer mends, replays and drops records
 * of the pipeline, admin manages people and does all of these.
 */
export const permissionsOf: Record<Role, readonly Role[]> = {
  viewer: ['viewer'],
  reviewer: ['viewer', 'reviewer'],
  lead: ['viewer', 'reviewer', 'lead'],
  engineer: ['viewer', 'engineer'],
  admin: roles,
};

/** A signed-in person; always from the session, never from a form. */
export type Person = { id: string; email: string; name: string; role: Role };

/** A person with an account, as the page for managing people shows it. Times are ISO 8601 in UTC. */
export type Account = Person & { disabledTs: string | null; createdTs: string; sessions: number };

/** A person who does something, in the request that the audit and the log name. */
export type Actor = Pick<Person, 'email' | 'role'> & { requestId?: string };

/** Whether a person's role has the permissions of `needed`. */
export function mayActAs(person: Pick<Person, 'role'>, needed: Role): boolean {
  return permissionsOf[person.role].includes(needed);
}

const personId = z.string().min(1).max(100);
/** Makes an account; the answer holds the first password, once. */
export const inviteSchema = z.strictObject({
  email: z.email('Enter an e-mail address.').max(200).toLowerCase(),
  name: nameText(100),
  role: z.enum(roles),
});
export const changePersonSchema = z.strictObject({ personId, name: nameText(100), role: z.enum(roles) });
export const disablePersonSchema = z.strictObject({ personId, disabled: z.boolean() });
export const personSchema = z.strictObject({ personId });
export const sessionSchema = z.strictObject({ sessionId: z.string().min(1).max(100) });

/** Changes one's own password; the current one proves who asks. */
export const changePasswordSchema = z
  .strictObject({
    current: z.string().min(1, 'Enter your present password.').max(128),
    next: z.string().min(12, 'Use 12 characters at least.').max(128, 'Use 128 characters at most.'),
  })
  .refine(({ current, next }) => current !== next, {
    path: ['next'],
    message: 'This is the password that you have.',
  });

/** A token for a program: `viewer` reads, `reviewer` also decides. */
export const createTokenSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{1,62}$/, 'Use 2 to 63 small letters, digits, dots or dashes.'),
  role: z.enum(['viewer', 'reviewer']),
  days: z.int().min(1, 'A token lasts a day at least.').max(366, 'A token lasts a year at most.'),
});
export const revokeTokenSchema = z.strictObject({ tokenId: z.string().regex(/^\d{1,18}$/) });

export type InviteInput = z.output<typeof inviteSchema>;
export type ChangePersonInput = z.output<typeof changePersonSchema>;
export type DisablePersonInput = z.output<typeof disablePersonSchema>;
export type ChangePasswordInput = z.output<typeof changePasswordSchema>;
export type CreateTokenInput = z.output<typeof createTokenSchema>;
