import type { BetterAuthOptions } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { APIError } from 'better-auth/api';
import { drizzle } from 'drizzle-orm/node-postgres';
import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { boolean, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { Log } from '#lib/log.ts';
import type { ConsoleRuntime } from '../identity/runtime.ts';
import { PEER_HEADER } from '../identity/trusted-proxy.ts';
import { hashSessionTokens } from './hash-session-tokens.ts';
import { account, session, user, verification } from './tables.ts';

const SESSION_SECONDS = 12 * 60 * 60;

/** What a server of the auth library needs of the process. */
export type AuthServerOptions = Pick<ConsoleRuntime, 'db' | 'clock' | 'log' | 'publicUrl' | 'secret'>;

/**
 * The options that both ways of signing in share: a session ends 12 hours after it began, is stored under the hash of
 * its token, and is never given to a disabled person; cookies, origins and addresses follow the same rules.
 */
export function authOptions({ db, secret, publicUrl, log }: AuthServerOptions, method: 'password' | 'oidc') {
  return {
    appName: 'Refund Manager',
    baseURL: publicUrl,
    secret,
    database: hashSessionTokens(
      drizzleAdapter(drizzle({ client: db.pool }), {
        provider: 'pg',
        schema: { user, session, account, verification },
        transaction: true,
      }),
    ),
    databaseHooks: {
      session: {
        create: {
          before: async (draft: { userId: string }) => {
            await assertEnabled(db, draft.userId);
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
    trustedOrigins: (request?: Request) => (publicUrl ? [] : ownOrigins(request)),
    advanced: {
      cookiePrefix: 'caspers',
      useSecureCookies: isHttps(publicUrl),
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { ipAddressHeaders: [PEER_HEADER] },
    },
    telemetry: { enabled: false },
    onAPIError: { onError: (error: unknown) => logUnexpected(log, error), errorURL: '/sign-in' },
    logger: {
      level: 'warn',
      log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) =>
        isExpectedWarning(message) || log[level](message),
    },
  } satisfies BetterAuthOptions;
}

/** Limits per address, kept in memory; the limits per account are in the database. `path` begins a sign-in. */
export function rateLimitPer(path: string) {
  const perMinute = (max: number) => ({ window: 60, max });
  return {
    enabled: true,
    storage: 'memory' as const,
    ...perMinute(300),
    customRules: { [path]: perMinute(100) },
  };
}

export const isHttps = (publicUrl: string | undefined) => publicUrl?.startsWith('https:') ?? false;

const findDisabled = statement({
  params: { personId: text },
  returns: { isDisabled: boolean },
  sql: ({ personId }) => sql`
    select disabled_at is not null as is_disabled from auth."user" where id = ${personId}`,
});

/** A disabled person gets the answer that a wrong password gets. */
async function assertEnabled({ pool }: Pick<Database, 'pool'>, personId: string): Promise<void> {
  const [person] = await findDisabled(pool, { personId });
  if (!person?.isDisabled) return;
  throw new APIError('UNAUTHORIZED', {
    message: 'Invalid email or password',
    code: 'INVALID_EMAIL_OR_PASSWORD',
  });
}

/** The origins of the host that the request names, which the browser sets and a page of another site cannot change. */
function ownOrigins(request: Request | undefined): string[] {
  const host = request?.headers.get('host');
  return host ? [`http://${host}`, `https://${host}`] : [];
}

/** Refusals are logged where they are answered. */
function logUnexpected(log: Log, error: unknown): void {
  if (!(error instanceof APIError)) log.error({ err: error }, 'signing in failed');
}

/** Without a public address the library takes the origin of each request; that is intended (decision 0006). */
function isExpectedWarning(message: string): boolean {
  return message.includes('Base URL is not set');
}
