import type { Database } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';

/** Roles, each of which may do what those before it may. */
export const roles = ['viewer', 'reviewer', 'lead', 'admin'] as const;
export type Role = (typeof roles)[number];

/** A signed-in person; always from the session, never from a form. */
export type Person = { id: string; email: string; name: string; role: Role };

/** What a guarded page, route or action gets: there is no other way for a screen to reach the database. */
export type PersonContext = { person: Person; db: Database; clock: Clock; requestId: string };
