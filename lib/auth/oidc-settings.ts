import type { Env } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';

/** A service that people sign in with, and what the console is known by there. */
export type OidcSettings = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** What people call it: the button says "Sign in with" it. */
  name: string;
  /** The console's own address, which the service leads back to. */
  publicUrl: string;
};

type Given = Pick<
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
 * The service of OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET; undefined where none of them is set.
 * @throws OperatorError where one is missing, the issuer is no safe address, or what it needs is not set.
 */
export function readOidcSettings(env: Given): OidcSettings | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = env;
  if (!issuer && !clientId && !clientSecret) return undefined;
  if (!issuer || !clientId || !clientSecret)
    throw new OperatorError(
      'OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET go together: set all three, or none.',
    );
  refuseUnsafeAddress('OIDC_ISSUER', issuer);
  if (!env.PUBLIC_URL)
    throw new OperatorError(
      `OIDC_ISSUER is set, but PUBLIC_URL is not. Set it to the address that people type: ${issuer} leads them back there.`,
    );
  if (env.TRUSTED_PROXY_PEERS || env.TRUSTED_PROXY_SECRET)
    throw new OperatorError(
      'OIDC_ISSUER and TRUSTED_PROXY_PEERS exclude each other: behind the proxy nobody signs in here. Unset one of them.',
    );
  return { issuer, clientId, clientSecret, name: env.OIDC_NAME, publicUrl: env.PUBLIC_URL };
}

/** The address that has to be registered with the service. */
export function redirectUri({ publicUrl }: Pick<OidcSettings, 'publicUrl'>): string {
  return new URL('/api/auth/callback/oidc', publicUrl).href;
}

/** @throws OperatorError where what is sent there could be read or changed on the way. */
export function refuseUnsafeAddress(what: string, address: string): void {
  const { protocol, hostname, search, hash } = new URL(address);
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && isHere))
    throw new OperatorError(`${what} is ${address}. It must start with https://.`);
  if (what === 'OIDC_ISSUER' && (search || hash))
    throw new OperatorError(`${what} is ${address}. It must end before any ? or #.`);
}
