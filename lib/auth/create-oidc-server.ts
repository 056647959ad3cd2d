import { createAuthMiddleware } from 'better-auth/api';
import { betterAuth } from 'better-auth/minimal';
import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import { type AuthServerOptions, authOptions } from './auth-options.ts';
import { endOldSessions } from './end-old-sessions.ts';
import { noteEmail } from './oidc-attempt.ts';
import { discoveryUrl, type OidcService } from './oidc-discovery.ts';
import { admitIdentity } from './oidc-gate.ts';
import type { OidcSettings } from './oidc-settings.ts';
import { oidcSubject } from './oidc-subject.ts';
import { readSessionCookie } from './read-session-cookie.ts';

/**
 * Sign-in by the authorization code of an OpenID provider, with PKCE, a state in an encrypted cookie and a nonce in
 * the signed identity. It lets in who has an account; it makes none, and keeps no token of the provider.
 */
export function createOidcServer(
  options: AuthServerOptions,
  settings: OidcSettings,
  { tokenEndpointAuth }: OidcService,
) {
  const { db, secret } = options;
  const shared = authOptions(options, 'oidc');
  return betterAuth({
    ...shared,
    databaseHooks: { ...shared.databaseHooks, account: { create: { before: withoutTokens } } },
    user: { ...shared.user, validateUserInfo: (given) => admitIdentity(db.pool, settings, given) },
    account: {
      accountLinking: { enabled: true, trustedProviders: [] },
      updateAccountOnSignIn: false,
      storeStateStrategy: 'cookie',
    },
    rateLimit: {
      enabled: true,
      storage: 'memory',
      window: 60,
      max: 300,
      customRules: { '/sign-in/social': { window: 60, max: 100 } },
    },
    hooks: {
      after: createAuthMiddleware(async ({ context, headers }) => {
        if (!context.newSession) return;
        const former = readSessionCookie(new Headers(headers), secret);
        await endOldSessions(db, context.newSession.user.email, former);
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
            accountSubject: ({ tokens }) => oidcSubject(tokens.idToken, settings.issuer),
            mapProfileToUser: ({ email }) => noteEmail(email),
          },
        ],
      }),
    ],
  });
}

/** The provider is asked who somebody is once; what it would allow beyond that is not kept. */
async function withoutTokens<Draft extends object>(draft: Draft) {
  const nothing = { accessToken: undefined, refreshToken: undefined, idToken: undefined };
  return {
    data: { ...draft, ...nothing, accessTokenExpiresAt: undefined, refreshTokenExpiresAt: undefined },
  };
}
