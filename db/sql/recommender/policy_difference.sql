-- What changes from one version of the policy to another: `{"grace_minutes": {"from": 0, "to": 5}}`. A value that only
-- one of them has is null on the other's side.
create or replace function recommender.policy_difference(from_version text, to_version text) returns jsonb
language sql stable as $$
  select coalesce(jsonb_object_agg(path, jsonb_build_object('from', former.value, 'to', latter.value)), '{}')
  from (
    select leaf.path, leaf.value
    from recommender.policies as policy, recommender.policy_leaves(policy.rules) as leaf
    where policy.version = from_version
  ) as former
  full join (
    select leaf.path, leaf.value
    from recommender.policies as policy, recommender.policy_leaves(policy.rules) as leaf
    where policy.version = to_version
  ) as latter using (path)
  where former.value is distinct from latter.value
$$;
