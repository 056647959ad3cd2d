import type { Database } from '#db/client.ts';
import { sharedDatabase } from '#db/shared.ts';
import { type Clock, systemClock } from '#lib/clock.ts';
import { loadEnv } from '#lib/env.ts';
import { createLog, type Log } from '#lib/log.ts';
import { type AuthServer, createAuthServer } from './create-auth-server.ts';
import { readTrustedProxy, type TrustedProxy } from './identity/trusted-proxy';
import { loadAuthSecret } from './load-auth-secret.ts';
import { readOidcSettings } from './oidc-settings.ts';
import { createOidcSignIn, type OidcSignIn } from './oidc-sign-in.ts';

/** What every guard of the console needs. */
export type ConsoleRuntime = {
  db: Database;
  auth: AuthServer;
  clock: Clock;
  log: Log;
  publicUrl: string | undefined;
  /** Signs cookies. */
  secret: string;
  trustedProxy: TrustedProxy | undefined;
  /** A provider that people may sign in with. */
  oidc: OidcSignIn | undefined;
};

let runtime: ConsoleRuntime | undefined;

/** The runtime of this process, made at its first use from the environment: a build makes none. */
export function consoleRuntime(): ConsoleRuntime {
  runtime ??= createRuntime();
  return runtime;
}

function createRuntime(): ConsoleRuntime {
  const env = loadEnv();
  const db = sharedDatabase();
  const log = createLog('console', env.LOG_LEVEL);
  const publicUrl = env.PUBLIC_URL;
  const secret = loadAuthSecret(env);
  const trustedProxy = readTrustedProxy(env);
  const options = { db, secret, publicUrl, clock: systemClock, log };
  const settings = readOidcSettings(env);
  const oidc = settings && createOidcSignIn(options, settings);
  return { ...options, auth: createAuthServer(options), trustedProxy, oidc };
}
