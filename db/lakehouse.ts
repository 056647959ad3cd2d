import { loadEnv } from '#lib/env.ts';
import { connect, type Database } from './client.ts';

const holder = globalThis as { caspersLakehouse?: Database };

/**
 * The pool of the lakehouse in the console's process: `own`, or one on LAKEHOUSE_DATABASE_URL where that is set, opened
 * at its first use. Its login needs the role `caspers_console` there to ask for replays and drops.
 */
export function sharedLakehouse(own: Database): Database {
  const { LAKEHOUSE_DATABASE_URL: url, DATABASE_URL } = loadEnv();
  if (!url || url === DATABASE_URL) return own;
  holder.caspersLakehouse ??= connect({
    ...{ url, applicationName: 'caspers console', max: 4, statementTimeoutMs: 15_000 },
    role: 'caspers_console',
  });
  return holder.caspersLakehouse;
}
