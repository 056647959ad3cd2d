import type { Database } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import type { Person } from '#lib/contract/person.ts';

/** What a guarded page, route or action receives. A screen has no other way to reach the database. */
export type PersonContext = {
  person: Person & { requestId: string };
  db: Database;
  clock: Clock;
  requestId: string;
};

/** A route may outlive its request's proof, such as a stream: `isSessionValid` looks the proof up again. */
export type RouteContext = PersonContext & { isSessionValid(): Promise<boolean> };

/** What a guarded route reads of a request; every Request is one. */
export type ApiRequest = Pick<Request, 'method' | 'url' | 'headers' | 'signal'> & {
  body: AsyncIterable<Uint8Array> | null;
};

/**
 * Why an action failed. `message` is written for people; `field` names the input at fault; `current` is the current
 * state after a conflict; `requestId` finds the case in the log.
 */
export type ActionError = {
  code: string;
  message: string;
  requestId: string;
  field?: string;
  current?: unknown;
};

/** The result of a server action, which never throws. */
export type ActionResult<Value> = { ok: true; value: Value } | { ok: false; error: ActionError };
