import { z } from 'zod';
import { messageOf, OperatorError } from '#lib/errors.ts';
import { type OidcSettings, refuseUnsafeAddress } from './oidc-settings.ts';

const TIMEOUT_MS = 5000;

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
type Document = z.infer<typeof documentSchema>;

/** What a service says of itself, as far as it has to be chosen from. */
export type OidcService = { tokenEndpointAuth: 'client_secret_basic' | 'client_secret_post' };

export function discoveryUrl({ issuer }: Pick<OidcSettings, 'issuer'>): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

/**
 * Asks the service what it is, and refuses one that is another than OIDC_ISSUER or that people could not sign in
 * with safely (OpenID Connect Discovery 1.0, sections 3 and 4.3).
 * @throws OperatorError that says what is wrong.
 */
export async function discoverOidc(settings: Pick<OidcSettings, 'issuer'>): Promise<OidcService> {
  const url = discoveryUrl(settings);
  const found = documentSchema.safeParse(await ask(url));
  if (!found.success) throw new OperatorError(`${url} does not describe an OpenID provider. ${advice}`);
  refuseOther(settings.issuer, found.data);
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'userinfo_endpoint'] as const) {
    const address = found.data[name];
    if (address) refuseUnsafeAddress(`${name} of OIDC_ISSUER`, address);
  }
  return { tokenEndpointAuth: chooseAuth(found.data) };
}

const advice = 'Check OIDC_ISSUER; npm run doctor asks again.';

async function ask(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`it answers ${response.status}`);
    return await response.json();
  } catch (error) {
    // What fetch says of itself is "fetch failed"; its cause says why.
    const why = error instanceof Error && error.cause ? error.cause : error;
    throw new OperatorError(`${url} does not answer as it should: ${messageOf(why)}. ${advice}`, {
      cause: error,
    });
  }
}

function refuseOther(issuer: string, found: Document): void {
  if (found.issuer !== issuer)
    throw new OperatorError(
      `OIDC_ISSUER is ${issuer}, but what answers there calls itself ${found.issuer}. Set it to exactly that name.`,
    );
  if (!found.code_challenge_methods_supported.includes('S256'))
    throw new OperatorError(`${issuer} knows no PKCE with S256, without which nobody signs in here.`);
  if (
    !found.id_token_signing_alg_values_supported.some((name) => /^(RS|PS|ES)\d|^EdDSA$|^Ed25519$/.test(name))
  )
    throw new OperatorError(`${issuer} signs no identity with a public key, so none could be checked.`);
}

function chooseAuth({ token_endpoint_auth_methods_supported: methods }: Document) {
  const [method] = (['client_secret_basic', 'client_secret_post'] as const).filter((name) =>
    methods.includes(name),
  );
  if (method) return method;
  throw new OperatorError(`OIDC_ISSUER takes no client secret, but ${methods.join(', ')} alone.`);
}
