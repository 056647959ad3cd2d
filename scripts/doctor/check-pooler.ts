import { describeError } from '#db/connection-error.ts';
import { detectPooling, isSameDatabase } from '#db/pooling.ts';
import type { Env } from '#lib/env.ts';
import { messageOf } from '#lib/errors.ts';
import { type Finding, fail, ok } from './finding.ts';

const NAME = 'pooler';
const ADVICE = 'Set DIRECT_DATABASE_URL to the address of the server itself.';

/** Checks what DATABASE_URL leads to, and that DIRECT_DATABASE_URL leads to the same database without a pooler. */
export async function checkPooler(env: Env): Promise<Finding[]> {
  if (!env.DATABASE_URL) return [];
  try {
    return [await comparePooler(env.DATABASE_URL, env.DIRECT_DATABASE_URL)];
  } catch (error) {
    return [fail(NAME, describeError(error)?.message ?? messageOf(error))];
  }
}

async function comparePooler(url: string, directUrl: string | undefined): Promise<Finding> {
  const pooling = await detectPooling(url);
  if (!directUrl && pooling === 'none') return ok(NAME, 'DATABASE_URL is the address of the server itself.');
  if (!directUrl && pooling === 'session') return ok(NAME, 'DATABASE_URL is a pooler that keeps sessions.');
  if (!directUrl) return fail(NAME, `DATABASE_URL is a pooler in transaction mode. ${ADVICE}`);
  if ((await detectPooling(directUrl)) === 'transaction')
    return fail(NAME, `DIRECT_DATABASE_URL is a pooler in transaction mode, too. ${ADVICE}`);
  if (!(await isSameDatabase(url, directUrl)))
    return fail(
      NAME,
      'DATABASE_URL and DIRECT_DATABASE_URL lead to different databases. Correct one of them.',
    );
  const what = pooling === 'transaction' ? 'is a pooler in transaction mode' : 'keeps sessions';
  return ok(NAME, `DATABASE_URL ${what}; what needs sessions uses DIRECT_DATABASE_URL, the same database.`);
}
