import { z } from 'zod';
import { messageOf, OperatorError } from '#lib/errors.ts';
import { assertSecureUrl, type OidcSettings } from './settings.ts';

const TIMEOUT_MS = 5000;
const ADVICE = 'Check OIDC_ISSUER; npm run doctor checks it again.';

const documentSchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  userinfo_endpoint: z.url().optional(),
  id_token_signing_alg_values_supported: z.array(z.string()),
  code_challenge_methods_supported: z.array(z.string()).default(['S256']),
  token_endpoint_auth_methods_supported: z.array(z.string()).default(['client_secret_basic']),
});
type DiscoveryDocument = z.infer<typeof documentSchema>;

/** What a provider says of itself, as far as there is a choice. */
export type ProviderMetadata = { tokenEndpointAuth: 'client_secret_basic' | 'client_secret_post' };

export function discoveryUrl({ issuer }: Pick<OidcSettings, 'issuer'>): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

/**
 * Reads the discovery document of the provider (OpenID Connect Discovery 1.0, sections 3 and 4.3).
 * @throws OperatorError if it cannot be read, is of another issuer than OIDC_ISSUER, or lacks what a secure sign-in
 * needs: PKCE with S256, identities signed with a public key, and https.
 */
export async function discoverOidc(settings: Pick<OidcSettings, 'issuer'>): Promise<ProviderMetadata> {
  const url = discoveryUrl(settings);
  const parsed = documentSchema.safeParse(await fetchJson(url));
  if (!parsed.success) throw new OperatorError(`${url} does not describe an OpenID provider. ${ADVICE}`);
  assertSupported(settings.issuer, parsed.data);
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'userinfo_endpoint'] as const) {
    const endpoint = parsed.data[name];
    if (endpoint) assertSecureUrl(`${name} of OIDC_ISSUER`, endpoint);
  }
  return { tokenEndpointAuth: chooseTokenEndpointAuth(parsed.data) };
}

async function fetchJson(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`it answers ${response.status}`);
    return await response.json();
  } catch (error) {
    // The message of a failed fetch is always "fetch failed"; its cause has the reason.
    const reason = error instanceof Error && error.cause ? error.cause : error;
    throw new OperatorError(`${url} cannot be read: ${messageOf(reason)}. ${ADVICE}`, { cause: error });
  }
}

function assertSupported(issuer: string, document: DiscoveryDocument): void {
  if (document.issuer !== issuer)
    throw new OperatorError(
      `OIDC_ISSUER is ${issuer}, but the provider there calls itself ${document.issuer}. Set it to exactly that name.`,
    );
  if (!document.code_challenge_methods_supported.includes('S256'))
    throw new OperatorError(`${issuer} does not support PKCE with S256, which signing in needs.`);
  const algorithms = document.id_token_signing_alg_values_supported;
  if (!algorithms.some((name) => /^(RS|PS|ES)\d|^EdDSA$|^Ed25519$/.test(name)))
    throw new OperatorError(
      `${issuer} does not sign identities with a public key, so they cannot be verified.`,
    );
}

function chooseTokenEndpointAuth({ token_endpoint_auth_methods_supported: supported }: DiscoveryDocument) {
  const methods = ['client_secret_basic', 'client_secret_post'] as const;
  const method = methods.find((name) => supported.includes(name));
  if (method) return method;
  throw new OperatorError(`OIDC_ISSUER does not accept a client secret, only ${supported.join(', ')}.`);
}
