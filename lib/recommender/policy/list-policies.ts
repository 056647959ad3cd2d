import type { Database } from '#db/client.ts';

/** A stored policy; `rules` are as they were written. Times are ISO 8601 in UTC; `activatedTs` is the last time, if any. */
export type StoredPolicy = {
  version: string;
  description: string;
  createdTs: string;
  activatedTs: string | null;
  isActive: boolean;
  rules: Record<string, unknown>;
};

type Row = {
  version: string;
  rules: Record<string, unknown>;
  created_at: Date;
  activated_at: Date | null;
  is_active: boolean;
};

/** Every policy, the newest first. */
export async function listPolicies(db: Database): Promise<StoredPolicy[]> {
  const { rows } = await db.pool.query<Row>(`
    -- one row per policy
    select
      policy.version, policy.rules, policy.created_at, max(activation.activated_at) as activated_at,
      policy.version = (select version from recommender.active_policy) as is_active
    from recommender.policies as policy
    left join recommender.policy_activations as activation using (version)
    group by policy.version
    order by policy.created_at desc, policy.version desc`);
  return rows.map((row) => ({
    version: row.version,
    description: String(row.rules.description ?? ''),
    createdTs: row.created_at.toISOString(),
    activatedTs: row.activated_at?.toISOString() ?? null,
    isActive: row.is_active,
    rules: row.rules,
  }));
}
