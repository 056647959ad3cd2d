import { AsyncLocalStorage } from 'node:async_hooks';
import { createAuthMiddleware } from 'better-auth/api';
import { betterAuth } from 'better-auth/minimal';
import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import { z } from 'zod';
import { BusyError, messageOf } from '#lib/errors.ts';
import { readSessionToken } from '../identity/session.ts';
import { endPreviousSession } from '../people/sessions.ts';
import { type AuthServerOptions, authOptions, rateLimitPer } from '../sign-in/auth-options.ts';
import { admitIdentity } from './admit-identity.ts';
import { discoverOidc, discoveryUrl, type ProviderMetadata } from './discovery.ts';
import type { OidcSettings } from './settings.ts';

type OidcServer = ReturnType<typeof createOidcServer>;

/** A provider to sign in with. `connect` discovers it at first use and again after each failure. */
export type OidcProvider = { name: string; connect(): Promise<OidcServer> };

/** A provider that is unavailable prevents nothing but signing in with it. */
export function createOidcProvider(options: AuthServerOptions, settings: OidcSettings): OidcProvider {
  let server: Promise<OidcServer> | undefined;
  async function create(): Promise<OidcServer> {
    try {
      return createOidcServer(options, settings, await discoverOidc(settings));
    } catch (error) {
      server = undefined;
      const message = `Signing in with ${settings.name} is unavailable.`;
      options.log.error(`${message} ${messageOf(error)}`);
      throw new BusyError(`${message} Use your password, or try again in a moment.`, { cause: error });
    }
  }
  return {
    name: settings.name,
    connect: () => {
      server ??= create();
      return server;
    },
  };
}

/**
 * Signs in people who have an account by the provider's authorization code, with PKCE, a state in an encrypted cookie
 * and a nonce in the signed identity. It creates no accounts and keeps no tokens of the provider.
 */
function createOidcServer(
  options: AuthServerOptions,
  settings: OidcSettings,
  { tokenEndpointAuth }: ProviderMetadata,
) {
  const { db, secret } = options;
  const shared = authOptions(options, 'oidc');
  return betterAuth({
    ...shared,
    databaseHooks: { ...shared.databaseHooks, account: { create: { before: withoutTokens } } },
    user: {
      ...shared.user,
      validateUserInfo: (identity) => admitIdentity(db.pool, settings, identity),
    },
    account: {
      accountLinking: { enabled: true, trustedProviders: [] },
      updateAccountOnSignIn: false,
      storeStateStrategy: 'cookie',
    },
    rateLimit: rateLimitPer('/sign-in/social'),
    hooks: {
      after: createAuthMiddleware(async ({ context, headers }) => {
        if (!context.newSession) return;
        const previous = readSessionToken(new Headers(headers), secret);
        await endPreviousSession(db, context.newSession.user.email, previous);
      }),
    },
    plugins: [
      genericOAuth({
        config: [
          {
            providerId: 'oidc',
            discoveryUrl: discoveryUrl(settings),
            requireIdTokenVerification: true,
            clientId: settings.clientId,
            clientSecret: settings.clientSecret,
            tokenEndpointAuth: { method: tokenEndpointAuth },
            scopes: ['openid', 'email', 'profile'],
            pkce: true,
            disableSignUp: true,
            disableImplicitSignUp: true,
            accountSubject: ({ tokens }) => readSubject(tokens.idToken, settings.issuer),
            mapProfileToUser: ({ email }) => recordEmail(email),
          },
        ],
      }),
    ],
  });
}

/** The console needs the provider only to learn who someone is; other access that it grants is not kept. */
async function withoutTokens<Draft extends object>(draft: Draft) {
  const noTokens = { accessToken: undefined, refreshToken: undefined, idToken: undefined };
  return {
    data: { ...draft, ...noTokens, accessTokenExpiresAt: undefined, refreshTokenExpiresAt: undefined },
  };
}

const claimsSchema = z.object({ iss: z.string(), sub: z.string().min(1).max(255) });

/**
 * The account name of a verified identity: the issuer and the person's subject there, because two issuers may use one
 * subject for two people.
 * @throws Error if there is no identity, or it is of another issuer.
 */
function readSubject(idToken: string | undefined, issuer: string): string {
  if (!idToken) throw new Error('the provider sent no identity');
  const [, payload = ''] = idToken.split('.');
  const { iss, sub } = claimsSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  if (iss !== issuer) throw new Error(`the identity is of ${iss}`);
  return `${issuer} ${sub}`;
}

/** What is known of a sign-in while the auth library handles it, for the audit of a failure. */
export type OidcAttempt = { email?: string };
const attempts = new AsyncLocalStorage<OidcAttempt>();

/** Runs `work`, in which the email of a verified identity is recorded in `attempt`. */
export function recordAttempt<Result>(attempt: OidcAttempt, work: () => Promise<Result>): Promise<Result> {
  return attempts.run(attempt, work);
}

/** @returns no changes to the person's profile. */
function recordEmail(email: unknown): Record<never, never> {
  const attempt = attempts.getStore();
  if (attempt && typeof email === 'string') attempt.email = email.slice(0, 320);
  return {};
}
