export { discoverOidc } from '../oidc-discovery.ts';
export { readOidcSettings, redirectUri } from '../oidc-settings.ts';
export { getSingleSignOn } from '../other-sign-in.ts';
export { type SignInFailureCode, signInFailures } from '../sign-in-failure.ts';
