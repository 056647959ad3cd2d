import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';
import { redirectUri } from './settings.ts';

/** A person at the provider; `sub` is the subject, which never changes. */
export type ProviderPerson = { sub: string; email: string; email_verified: boolean };

/** A forged identity: changed claims, another signing key, or no identity at all. */
export type Forgery = {
  claims?: (genuine: JWTPayload) => JWTPayload;
  withOtherKey?: boolean;
  drop?: boolean;
};

export type TestProvider = {
  settings: { issuer: string; clientId: string; clientSecret: string; name: string; publicUrl: string };
  /** The person who is signed in at the provider; undefined cancels every sign-in. */
  person: ProviderPerson | undefined;
  /** If set, the provider sends forged identities. */
  forgery: Forgery | undefined;
  /** The requests to the provider, the newest last. */
  asked: string[];
  close(): Promise<void>;
};

const client = { clientId: 'refund-manager', clientSecret: 'a-secret-between-the-two', name: 'Example Inc' };

/** A real OpenID provider on this machine, which signs in `person` without any page. */
export async function openTestProvider(publicUrl: string, port = 0): Promise<TestProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = { issuer, publicUrl, ...client };
  const state: TestProvider = { settings, person: undefined, forgery: undefined, asked: [], close };
  const keys = [
    await generateKeyPair('RS256', { extractable: true }),
    await generateKeyPair('RS256'),
  ] as const;
  const jwk = { ...(await exportJWK(keys[0].privateKey)), kid: 'one', use: 'sig', alg: 'RS256' };
  const provider = new Provider(issuer, configure(state, jwk as never));
  provider.use(async (context, next) => {
    state.asked.push(`${context.method} ${context.path}`);
    await next();
    if (context.path === '/token' && state.forgery)
      context.body = await forge(state.forgery, context.body, keys);
  });
  provider.use(async (context, next) => {
    if (!context.path.startsWith('/interaction/')) return next();
    const result = state.person
      ? { login: { accountId: state.person.sub } }
      : { error: 'access_denied', error_description: 'they would rather not' };
    await provider.interactionFinished(context.req, context.res, result);
    context.respond = false;
  });
  server.on('request', provider.callback());
  return state;

  function close(): Promise<void> {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  }
}

function configure(
  state: TestProvider,
  jwk: NonNullable<Configuration['jwks']>['keys'][number],
): Configuration {
  const { clientId, clientSecret } = state.settings;
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri(state.settings)],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [jwk] },
    ttl: { Interaction: 60, Grant: 60, Session: 60, AccessToken: 60, IdToken: 60, AuthorizationCode: 60 },
    cookies: { keys: ['a-key-of-the-tests'] },
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    scopes: ['openid', 'email', 'profile'],
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, accountId) => ({
      accountId,
      claims: () => Promise.resolve({ ...state.person, sub: accountId }),
    }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({ clientId, accountId: oidc.session?.accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  };
}

type Keys = readonly [
  Awaited<ReturnType<typeof generateKeyPair>>,
  Awaited<ReturnType<typeof generateKeyPair>>,
];

/** The answer of the token endpoint with a forged identity. */
async function forge({ claims, withOtherKey, drop }: Forgery, answer: unknown, keys: Keys) {
  const { id_token, ...rest } = answer as { id_token: string };
  if (drop) return rest;
  const genuine = JSON.parse(Buffer.from(id_token.split('.')[1] ?? '', 'base64url').toString()) as JWTPayload;
  const { privateKey } = withOtherKey ? keys[1] : keys[0];
  const signed = new SignJWT(claims?.(genuine) ?? genuine).setProtectedHeader({ alg: 'RS256', kid: 'one' });
  return { ...rest, id_token: await signed.sign(privateKey) };
}
