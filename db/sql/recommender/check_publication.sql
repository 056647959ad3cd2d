-- What the publication of a draft must satisfy.
create or replace function recommender.check_publication() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  draft recommender.policy_drafts;
begin
  new.published_by := recommender.require_person(new.published_by, '{lead,admin}');

  -- advisoryLocks.recommendations: a batch that is being scored ends by the policy that it began with.
  perform pg_advisory_xact_lock(4027020);
  new.replaces := (select version from recommender.active_policy);

  -- It is a draft of this version that waits.
  select * into draft from recommender.policy_drafts where id = new.draft_id;
  if draft.version is distinct from new.version
    or exists (select from recommender.policy_activations where draft_id = new.draft_id) then
    raise exception 'no draft of % waits', new.version
      using errcode = 'check_violation', constraint = 'policy_draft';
  end if;

  -- The author is not the second person, unless no one else may publish.
  if draft.author = new.published_by and recommender.has_other_publisher(new.published_by) then
    raise exception '% wrote this draft', new.published_by
      using errcode = 'check_violation', constraint = 'policy_second_person';
  end if;
  return new;
end
$$;
