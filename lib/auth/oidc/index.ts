export { discoverOidc } from './discovery.ts';
export { getSingleSignOn, readOidcSettings, redirectUri } from './settings.ts';
export { type SignInFailureCode, signInFailures } from './sign-in-failures.ts';
