import type { Database } from '#db/client.ts';
import { OperatorError } from '#lib/errors.ts';
import { parsePolicy } from './rules.ts';

/**
 * Stores a policy as a new version; it is not active yet. The same rules again change nothing.
 * @param name says where the rules come from. @throws OperatorError where they do not hold, or where the version
 * stands for other rules: recommendations refer to it, so a change needs a version of its own.
 */
export async function addPolicy(
  db: Database,
  rules: unknown,
  name: string,
): Promise<{ version: string; added: boolean }> {
  const { version } = parsePolicy(rules, name);
  const { rowCount } = await db.pool.query(
    'insert into recommender.policies (version, rules) values ($1, $2) on conflict do nothing',
    [version, JSON.stringify(rules)],
  );
  if (rowCount === 1) return { version, added: true };
  const same = await db.pool.query(
    'select from recommender.policies where version = $1 and rules = $2::jsonb',
    [version, JSON.stringify(rules)],
  );
  if (same.rowCount === 1) return { version, added: false };
  throw new OperatorError(
    `There is a policy ${version} with other rules, and recommendations may refer to it. Give yours another version.`,
  );
}
