import type { Database } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import type { Person, Role } from '#lib/contract/person.ts';

export type { Person, Role };

/** What a guarded page, route or action gets: there is no other way for a screen to reach the database. */
export type PersonContext = {
  person: Person & { requestId: string };
  db: Database;
  clock: Clock;
  requestId: string;
};

/** What a route gets beside: whether its person, perhaps long after the request, still may be here. */
export type RouteContext = PersonContext & { isSessionValid(): Promise<boolean> };

/** What a guarded route reads of a request; any Request is one. */
export type ApiRequest = Pick<Request, 'method' | 'url' | 'headers' | 'signal'> & {
  body: AsyncIterable<Uint8Array> | null;
};

/**
 * Why an action did not happen. `message` is for people; `field` names the input at fault; `current` is what
 * stands instead after a conflict; `requestId` finds the case in the log.
 */
export type ActionError = {
  code: string;
  message: string;
  requestId: string;
  field?: string;
  current?: unknown;
};

/** What a server action answers; it never throws. */
export type ActionResult<Value> = { ok: true; value: Value } | { ok: false; error: ActionError };

/** An account as it is made; the password is known only now. */
export type NewAccount = { email: string; name: string; role: Role; password: string };
