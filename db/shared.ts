import { loadEnv } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { connect, type Database } from './client.ts';

const holder = globalThis as { caspersDatabase?: Database };

/**
 * The single pool of the console's process, on DATABASE_URL, opened at its first use. With DIRECT_DATABASE_URL that may
 * be a pooler in transaction mode.
 */
export function sharedDatabase(): Database {
  const { DATABASE_URL: url, DIRECT_DATABASE_URL: directUrl } = loadEnv();
  if (!url) throw new OperatorError('The console needs DATABASE_URL; `npm start` sets it.');
  holder.caspersDatabase ??= connect({
    url,
    directUrl,
    applicationName: 'caspers console',
    statementTimeoutMs: 15_000,
    role: 'caspers_console',
  });
  return holder.caspersDatabase;
}
