-- Audits the publication of a policy, with its differences to the version that it replaces.
create or replace function auth.audit_policy_publication() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  draft recommender.policy_drafts;
begin
  select * into draft from recommender.policy_drafts where id = new.draft_id;
  perform auth.append_audit(new.published_by, 'policy_published', new.version, jsonb_build_object(
    'draft_id', new.draft_id, 'author', draft.author, 'draft_note', draft.note, 'note', new.note,
    'by_one_person', draft.author = new.published_by, 'replaces', new.replaces,
    'difference', recommender.policy_difference(new.replaces, new.version)
  ));
  return null;
end
$$;
