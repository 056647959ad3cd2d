export { createAccount, ensureAccounts, generatePassword, type NewAccount } from './accounts.ts';
export { type ApiToken, createApiToken, listApiTokens, revokeApiToken } from './api-tokens.ts';
export { changePassword, resetPassword } from './passwords.ts';
export { changePerson, invitePerson, listPeople, setPersonDisabled } from './people.ts';
export { listSessions, type OpenSession, revokeSession } from './sessions.ts';
