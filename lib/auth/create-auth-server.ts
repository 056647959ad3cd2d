import { betterAuth } from 'better-auth/minimal';
import { type AuthServerOptions, authOptions } from './auth-options.ts';
import { signInHooks } from './sign-in-hooks.ts';

export type AuthServer = ReturnType<typeof createAuthServer>;

/**
 * Sign-in by e-mail and password for people who have an account; nobody makes one over HTTP. Tries are limited in
 * the database, per account and place.
 */
export function createAuthServer(options: AuthServerOptions) {
  return betterAuth({
    ...authOptions(options, 'password'),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12 },
    account: { accountLinking: { enabled: false } },
    rateLimit: {
      enabled: true,
      storage: 'memory',
      window: 60,
      max: 300,
      customRules: { '/sign-in/email': { window: 60, max: 100 } },
    },
    hooks: signInHooks(options),
  });
}
