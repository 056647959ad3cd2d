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

/** The result contains the first password, which is not stored. */
export const invite = guardedAction(inviteSchema, { role: 'admin' }, ({ db, person, clock }, input) =>
  invitePerson(db, person, input, clock),
);
export const updatePerson = guardedAction(
  changePersonSchema,
  { role: 'admin' },
  ({ db, person, clock }, input) => changePerson(db, person, input, clock),
);
export const setDisabled = guardedAction(
  disablePersonSchema,
  { role: 'admin' },
  ({ db, person, clock }, input) => setPersonDisabled(db, person, input, clock),
);
/** The result is the token, which is not stored. */
export const createToken = guardedAction(createTokenSchema, { role: 'admin' }, ({ db, person }, input) =>
  createApiToken(db, person, input),
);
export const revokeToken = guardedAction(revokeTokenSchema, { role: 'admin' }, ({ db, person }, input) =>
  revokeApiToken(db, person, input),
);
