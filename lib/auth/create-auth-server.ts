import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { APIError } from 'better-auth/api';
import { betterAuth } from 'better-auth/minimal';
import type { Database } from '#db/client.ts';
import { account, session, user, verification } from '#db/schema/auth.ts';
import type { Clock } from '#lib/clock.ts';
import type { Log } from '#lib/log.ts';
import { hashTokensAdapter } from './hash-tokens-adapter.ts';
import { signInHooks } from './sign-in-hooks.ts';
import { PEER_HEADER } from './trusted-proxy.ts';

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
 * 12 hours after it began; its token is stored as a hash. Tries are limited in the database, per account and place.
 */
export function createAuthServer(options: AuthServerOptions) {
  const { db, secret, publicUrl, log } = options;
  return betterAuth({
    appName: 'Refund Manager',
    baseURL: publicUrl,
    secret,
    database: hashTokensAdapter(
      drizzleAdapter(db.orm, {
        provider: 'pg',
        schema: { user, session, account, verification },
        transaction: true,
      }),
    ),
    databaseHooks: { session: { create: { before: (draft) => refuseDisabled(db, draft.userId) } } },
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
      ipAddress: { ipAddressHeaders: [PEER_HEADER] },
    },
    hooks: signInHooks(options),
    telemetry: { enabled: false },
    onAPIError: { onError: (error) => logUnexpected(log, error) },
    logger: { level: 'warn', log: (level, message) => isNews(message) && log[level](message) },
  });
}

/** Whoever is disabled learns no more than who has mistyped the password. */
async function refuseDisabled({ pool }: Pick<Database, 'pool'>, userId: string): Promise<void> {
  const { rows } = await pool.query<{ is_disabled: boolean }>(
    'select disabled_at is not null as is_disabled from auth."user" where id = $1',
    [userId],
  );
  if (!rows[0]?.is_disabled) return;
  throw new APIError('UNAUTHORIZED', {
    message: 'Invalid email or password',
    code: 'INVALID_EMAIL_OR_PASSWORD',
  });
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

/** Without a public address the origin is the request's on purpose: decision 0006. */
function isNews(message: string): boolean {
  return !message.includes('Base URL is not set');
}
