-- Audits the draft of a policy, with its differences to the version that is active.
create or replace function auth.audit_policy_draft() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  active constant text := (select version from recommender.active_policy);
begin
  perform auth.append_audit(new.author, 'policy_drafted', new.version, jsonb_build_object(
    'draft_id', new.id, 'note', new.note, 'active', active,
    'difference', recommender.policy_difference(active, new.version)
  ));
  return null;
end
$$;
