import type { Database } from '#db/client.ts';
import { sharedDatabase } from '#db/shared.ts';
import { type Clock, systemClock } from '#lib/clock.ts';
import { loadEnv } from '#lib/env.ts';
import { createLog, type Log } from '#lib/log.ts';
import { loadAuthSecret } from './auth-secret.ts';
import { readTrustedProxy, type TrustedProxy } from './trusted-proxy.ts';

/** What the guards need of the process. Signing in needs more, which `auth-handler.ts` adds. */
export type ConsoleRuntime = {
  db: Database;
  clock: Clock;
  log: Log;
  /** The address that people type; undefined if the console is reached directly over http. */
  publicUrl: string | undefined;
  /** Signs cookies. */
  secret: string;
  trustedProxy: TrustedProxy | undefined;
};

let runtime: ConsoleRuntime | undefined;

/** The runtime of this process, created from the environment at its first use. A build never creates one. */
export function consoleRuntime(): ConsoleRuntime {
  runtime ??= createRuntime();
  return runtime;
}

function createRuntime(): ConsoleRuntime {
  const env = loadEnv();
  return {
    db: sharedDatabase(),
    clock: systemClock,
    log: createLog('console', env.LOG_LEVEL),
    publicUrl: env.PUBLIC_URL,
    secret: loadAuthSecret(env),
    trustedProxy: readTrustedProxy(env),
  };
}
