'use server';

import { guardedAction } from '#lib/auth/index.ts';
import {
  changePerson,
  createApiToken,
  invitePerson,
  revokeApiToken,
  setPersonDisabled,
} from '#lib/auth/people/index.ts';
import {
  changePersonSchema,
  createTokenSchema,
  disablePersonSchema,
  inviteSchema,
  revokeTokenSchema,
} from '#lib/contract/person.ts';

/** The answer holds the first password, which nobody can ask for again. */
export const invite = guardedAction(inviteSchema, { role: 'admin' }, ({ db, person, clock }, input) =>
  invitePerson(db, person, input, clock),
);
export const change = guardedAction(changePersonSchema, { role: 'admin' }, ({ db, person, clock }, input) =>
  changePerson(db, person, input, clock),
);
export const disable = guardedAction(disablePersonSchema, { role: 'admin' }, ({ db, person, clock }, input) =>
  setPersonDisabled(db, person, input, clock),
);
/** The answer is the token, which nobody can ask for again. */
export const createToken = guardedAction(createTokenSchema, { role: 'admin' }, ({ db, person }, input) =>
  createApiToken(db, person, input),
);
export const revokeToken = guardedAction(revokeTokenSchema, { role: 'admin' }, ({ db, person }, input) =>
  revokeApiToken(db, person, input),
);
