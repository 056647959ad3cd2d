import { readTrustedProxy } from '#lib/auth/identity/trusted-proxy.ts';
import { discoverOidc, readOidcSettings, redirectUri } from '#lib/auth/oidc/index.ts';
import type { Env } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { type Finding, fail, ok } from './finding.ts';

/** How people sign in, and whether a configured provider answers with the issuer that is expected. */
export async function checkSignIn(env: Env): Promise<Finding> {
  try {
    if (readTrustedProxy(env)) return ok('sign-in', 'By the proxy of TRUSTED_PROXY_PEERS.');
    const settings = readOidcSettings(env);
    if (!settings) return ok('sign-in', 'By e-mail and password.');
    await discoverOidc(settings);
    const { name, issuer } = settings;
    return ok(
      'sign-in',
      `By password or ${name} (${issuer}), where ${redirectUri(settings)} must be registered.`,
    );
  } catch (error) {
    if (error instanceof OperatorError) return fail('sign-in', error.message);
    throw error;
  }
}
