import { sql } from 'drizzle-orm/sql';
import { advisoryLocks } from '#db/advisory-locks.ts';
import { type Connection, type Database, inTransaction, type Pool } from '#db/client.ts';
import { boolean, instant, json, named, nullable, type RowOf, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { OperatorError } from '#lib/errors.ts';
import { type Policy, parsePolicy } from './rules.ts';

/** A stored policy; `rules` are as they were written. Times are ISO 8601 in UTC; `activatedTs` is the last time, if any. */
const policyColumns = {
  version: text,
  description: text,
  createdTs: named('created_at', instant),
  activatedTs: named('activated_at', nullable(instant)),
  isActive: boolean,
  rules: json<Record<string, unknown>>(),
};
export type StoredPolicy = RowOf<typeof policyColumns>;

const findPolicies = statement({
  returns: policyColumns,
  sql: () => sql`
    -- one row per policy
    select
      policy.version, coalesce(policy.rules ->> 'description', '') as description, policy.rules, policy.created_at,
      max(activation.activated_at) as activated_at,
      policy.version = (select version from recommender.active_policy) as is_active
    from recommender.policies as policy
    left join recommender.policy_activations as activation using (version)
    group by policy.version
    order by policy.created_at desc, policy.version desc`,
});

/** Every policy, the newest first. */
export function listPolicies(db: Database): Promise<StoredPolicy[]> {
  return findPolicies(db.pool, {});
}

const rulesColumns = { version: text, rules: json<unknown>() };

const findActive = statement({
  returns: rulesColumns,
  sql: () => sql`select version, rules from recommender.active_policy`,
});

const findVersion = statement({
  params: { version: text },
  returns: rulesColumns,
  sql: ({ version }) => sql`select version, rules from recommender.policies where version = ${version}`,
});

/**
 * The policy of a version, or the active one.
 * @throws OperatorError where there is no such version, or its rules are invalid.
 */
export async function getPolicy(connection: Connection | Pool, version?: string): Promise<Policy> {
  const [row] =
    version === undefined ? await findActive(connection, {}) : await findVersion(connection, { version });
  if (!row) throw new OperatorError(version ? `There is no policy ${version}.` : 'No policy is active.');
  return parsePolicy(row.rules, row.version);
}

const findSame = statement({
  params: { version: text, rules: json<unknown>() },
  returns: { version: text },
  sql: ({ version, rules }) =>
    sql`select version from recommender.policies where version = ${version} and rules = ${rules}::jsonb`,
});

/**
 * Stores a policy as a new version; it is not active yet. Storing the same rules again changes nothing.
 * @param name says where the rules come from. @throws OperatorError where they are invalid, or where the version has
 * other rules already: recommendations refer to it, so a change needs a new version.
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
  const [same] = await findSame(db.pool, { version, rules: JSON.stringify(rules) });
  if (same) return { version, added: false };
  throw new OperatorError(
    `There is a policy ${version} with other rules, and recommendations may refer to it. Use another version.`,
  );
}

const findToActivate = statement({
  params: { version: text },
  returns: { rules: json<unknown>(), isActive: boolean },
  sql: ({ version }) => sql`
    -- at most one row
    select policy.rules, policy.version = active.version as is_active
    from recommender.policies as policy, recommender.active_policy as active
    where policy.version = ${version}`,
});

/**
 * Makes a policy the one that scores from now on; existing recommendations stay as they are. It waits for the
 * scoring of a batch that is under way, which ends by the policy that it began with.
 * @returns false where it is active already. @throws OperatorError where there is no such policy or its rules are
 * invalid.
 */
export async function activatePolicy(db: Database, version: string, now: Date): Promise<boolean> {
  return inTransaction(db.pool, async (connection) => {
    await connection.query('select pg_advisory_xact_lock($1)', [advisoryLocks.recommendations]);
    const [row] = await findToActivate(connection, { version });
    if (!row)
      throw new OperatorError(
        `There is no policy ${version}. See recommend policy list, or store one with recommend policy add FILE.`,
      );
    parsePolicy(row.rules, version);
    if (row.isActive) return false;
    await connection.query(
      'insert into recommender.policy_activations (version, activated_at) values ($1, $2)',
      [version, now],
    );
    return true;
  });
}
