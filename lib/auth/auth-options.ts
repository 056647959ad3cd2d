import type { BetterAuthOptions } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { APIError } from 'better-auth/api';
import type { Database } from '#db/client.ts';
import { account, session, user, verification } from '#db/schema/auth.ts';
import type { Clock } from '#lib/clock.ts';
import type { Log } from '#lib/log.ts';
import { hashTokensAdapter } from './hash-tokens-adapter.ts';
import { PEER_HEADER } from './identity/trusted-proxy';

const SESSION_SECONDS = 12 * 60 * 60;

export type AuthServerOptions = {
  db: Database;
  secret: string;
  /** The address people type; undefined where the console is reached directly over http. */
  publicUrl: string | undefined;
  clock: Clock;
  log: Log;
};

/**
 * What holds however somebody signs in: a session ends 12 hours after it began and is none of somebody who is
 * disabled; its token is stored as a hash; cookies, origins and addresses are judged alike.
 */
export function authOptions({ db, secret, publicUrl, log }: AuthServerOptions, method: 'password' | 'oidc') {
  return {
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
    databaseHooks: {
      session: {
        create: {
          before: async (draft: { userId: string }) => {
            await refuseDisabled(db, draft.userId);
            return { data: { ...draft, method } };
          },
        },
      },
    },
    user: { additionalFields: { role: { type: 'string', required: true, input: false } } },
    session: {
      expiresIn: SESSION_SECONDS,
      disableSessionRefresh: true,
      additionalFields: { method: { type: 'string', required: false, input: false } },
    },
    trustedOrigins: (request?: Request) => (publicUrl ? [] : sameHost(request)),
    advanced: {
      cookiePrefix: 'caspers',
      useSecureCookies: publicUrl?.startsWith('https:') ?? false,
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { ipAddressHeaders: [PEER_HEADER] },
    },
    telemetry: { enabled: false },
    onAPIError: { onError: (error: unknown) => logUnexpected(log, error), errorURL: '/sign-in' },
    logger: {
      level: 'warn',
      log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) =>
        isNews(message) && log[level](message),
    },
  } satisfies BetterAuthOptions;
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
