import { sql } from 'drizzle-orm/sql';
import type { Connection, Database, Pool } from '#db/client.ts';
import { boolean, instant, json, named, nullable, type RowOf, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { OperatorError } from '#lib/errors.ts';
import { type Policy, parsePolicy } from './rules.ts';

/**
 * A stored policy; `rules` are as they were written. Times are ISO 8601 in UTC; those of the last publication and of the
 * waiting draft are null if the policy has no such publication or draft. `author` wrote the published draft.
 */
const policyColumns = {
  version: text,
  description: text,
  createdTs: named('created_at', instant),
  isActive: boolean,
  publishedTs: nullable(instant),
  publishedBy: nullable(text),
  publicationNote: nullable(text),
  author: nullable(text),
  draftedTs: nullable(instant),
  draftedBy: nullable(text),
  draftNote: nullable(text),
  rules: json<Record<string, unknown>>(),
};
export type StoredPolicy = RowOf<typeof policyColumns>;

const findPolicies = statement({
  returns: policyColumns,
  sql: () => sql`
    -- one row per policy
    select
      policy.version, coalesce(policy.rules ->> 'description', '') as description, policy.rules, policy.created_at,
      policy.version = (select version from recommender.active_policy) as is_active,
      publication.activated_at as published_ts, publication.published_by, publication.note as publication_note,
      publication.author,
      draft.created_at as drafted_ts, draft.author as drafted_by, draft.note as draft_note
    from recommender.policies as policy
    left join lateral (
      select activation.activated_at, activation.published_by, activation.note, drafted.author
      from recommender.policy_activations as activation
      left join recommender.policy_drafts as drafted on drafted.id = activation.draft_id
      where activation.version = policy.version
      order by activation.id desc
      limit 1
    ) as publication on true
    left join recommender.open_drafts as draft on draft.version = policy.version
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

const insertPolicy = statement({
  params: { version: text, rules: json<unknown>() },
  returns: { version: text },
  sql: ({ version, rules }) => sql`
    insert into recommender.policies (version, rules) values (${version}, ${rules}::jsonb)
    on conflict do nothing
    returning version`,
});

/**
 * Stores the rules of a policy as a new version; nothing scores by it yet. Storing the same rules again changes nothing.
 * @param name says where the rules come from. @throws OperatorError where they are invalid, or where the version has
 * other rules already: recommendations refer to it, so a change needs a new version.
 */
export async function addPolicy(
  runner: Connection | Pool,
  rules: unknown,
  name: string,
): Promise<{ version: string; added: boolean }> {
  const { version } = parsePolicy(rules, name);
  const row = { version, rules: JSON.stringify(rules) };
  const [added] = await insertPolicy(runner, row);
  if (added) return { version, added: true };
  const [same] = await findSame(runner, row);
  if (same) return { version, added: false };
  throw new OperatorError(
    `There is a policy ${version} with other rules, and recommendations may refer to it. Use another version.`,
  );
}
