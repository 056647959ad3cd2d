import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import { betterAuth } from 'better-auth/minimal';
import type { Database } from '#db/client.ts';
import { account, session, user, verification } from '#db/schema/auth.ts';
import type { Clock } from '#lib/clock.ts';
import type { Log } from '#lib/log.ts';
import { countSignIn, forgiveSignIns } from './limit-sign-ins.ts';

const SESSION_SECONDS = 12 * 60 * 60;

export type AuthServerOptions = {
  db: Database;
  secret: string;
  /** The address people type; undefined where the console is reached directly over http. */
  publicUrl: string | undefined;
  clock: Clock;
  log: Log;
};
export type AuthServer = ReturnType<typeof createAuthServer>;

/**
 * Sign-in by e-mail and password for people who have an account; nobody makes one over HTTP. A session ends
 * 12 hours after it began. Tries are limited per account in the database and per address in memory.
 */
export function createAuthServer(options: AuthServerOptions) {
  const { db, secret, publicUrl, log } = options;
  return betterAuth({
    appName: 'Refund Manager',
    baseURL: publicUrl,
    secret,
    database: drizzleAdapter(db.orm, {
      provider: 'pg',
      schema: { user, session, account, verification },
      transaction: true,
    }),
    user: { additionalFields: { role: { type: 'string', required: true, input: false } } },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12 },
    account: { accountLinking: { enabled: false } },
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true },
    rateLimit: {
      enabled: true,
      storage: 'memory',
      window: 60,
      max: 300,
      customRules: { '/sign-in/email': { window: 60, max: 100 } },
    },
    trustedOrigins: (request) => (publicUrl ? [] : sameHost(request)),
    advanced: {
      cookiePrefix: 'caspers',
      useSecureCookies: publicUrl?.startsWith('https:') ?? false,
      disableOriginCheck: false,
      disableCSRFCheck: false,
    },
    hooks: signInHooks(options),
    telemetry: { enabled: false },
    onAPIError: { onError: (error) => logUnexpected(log, error) },
    logger: { level: 'warn', log: (level, message) => log[level](message) },
  });
}

function signInHooks({ db, clock }: AuthServerOptions) {
  return {
    before: createAuthMiddleware(async ({ path, body }) => {
      if (path !== '/sign-in/email' || typeof body?.email !== 'string') return;
      const wait = await countSignIn(db.pool, body.email, clock.now());
      if (wait !== undefined)
        throw new APIError('TOO_MANY_REQUESTS', { retryAfter: wait }, { 'Retry-After': `${wait}` });
    }),
    after: createAuthMiddleware(async ({ path, context }) => {
      if (path === '/sign-in/email' && context.newSession)
        await forgiveSignIns(db.pool, context.newSession.user.email);
    }),
  };
}

/** A page of this very host; which host that is, the browser says and a foreign page cannot change. */
function sameHost(request: Request | undefined): string[] {
  const host = request?.headers.get('host');
  return host ? [`http://${host}`, `https://${host}`] : [];
}

/** A refusal is logged where it is answered; here only what nobody foresaw. */
function logUnexpected(log: Log, error: unknown): void {
  if (!(error instanceof APIError)) log.error({ err: error }, 'signing in failed');
}
