import { type Env, loadEnv } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';

/** The OpenID provider that people may sign in with, and the console's registration there. */
export type OidcSettings = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** What people call the provider: the button says "Sign in with" it. */
  name: string;
  /** The console's own address, to which the provider redirects. */
  publicUrl: string;
};

type OidcEnv = Pick<
  Env,
  | 'OIDC_ISSUER'
  | 'OIDC_CLIENT_ID'
  | 'OIDC_CLIENT_SECRET'
  | 'OIDC_NAME'
  | 'PUBLIC_URL'
  | 'TRUSTED_PROXY_PEERS'
  | 'TRUSTED_PROXY_SECRET'
>;

/**
 * The provider of OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET; undefined if none of them is set.
 * @throws OperatorError if one is missing, the issuer is not a secure address, or another variable conflicts.
 */
export function readOidcSettings(env: OidcEnv): OidcSettings | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = env;
  if (!issuer && !clientId && !clientSecret) return undefined;
  if (!issuer || !clientId || !clientSecret)
    throw new OperatorError(
      'OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET go together: set all three, or none.',
    );
  assertSecureUrl('OIDC_ISSUER', issuer);
  if (!env.PUBLIC_URL)
    throw new OperatorError(
      `OIDC_ISSUER is set, but PUBLIC_URL is not. Set it to the address that people type: ${issuer} redirects them there.`,
    );
  if (env.TRUSTED_PROXY_PEERS || env.TRUSTED_PROXY_SECRET)
    throw new OperatorError(
      'OIDC_ISSUER and TRUSTED_PROXY_PEERS exclude each other: behind the proxy people do not sign in here. Unset one of them.',
    );
  return { issuer, clientId, clientSecret, name: env.OIDC_NAME, publicUrl: env.PUBLIC_URL };
}

/** The provider that the sign-in page offers beside the password; undefined if none is configured. */
export function getSingleSignOn(): { name: string } | undefined {
  const settings = readOidcSettings(loadEnv());
  return settings && { name: settings.name };
}

/** The address to register at the provider. */
export function redirectUri({ publicUrl }: Pick<OidcSettings, 'publicUrl'>): string {
  return new URL('/api/auth/callback/oidc', publicUrl).href;
}

/** @throws OperatorError unless `url` is https or on this machine, so that no one in between can read or change it. */
export function assertSecureUrl(name: string, url: string): void {
  const { protocol, hostname, search, hash } = new URL(url);
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback))
    throw new OperatorError(`${name} is ${url}. It must start with https://.`);
  if (name === 'OIDC_ISSUER' && (search || hash))
    throw new OperatorError(`${name} is ${url}. It must end before any ? or #.`);
}
