-- What a draft of the policy must satisfy.
create or replace function recommender.check_draft() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  -- Who only looks on writes no drafts.
  new.author := recommender.require_person(new.author, '{reviewer,lead,admin}');

  -- advisoryLocks.recommendations: drafts and publications come one after the other.
  perform pg_advisory_xact_lock(4027020);

  -- The active version is published already.
  if new.version = (select version from recommender.active_policy) then
    raise exception 'the policy % is active', new.version
      using errcode = 'check_violation', constraint = 'policy_active';
  end if;

  -- A version has one draft that waits.
  if exists (select from recommender.open_drafts where version = new.version) then
    raise exception 'the policy % has a draft that waits', new.version
      using errcode = 'check_violation', constraint = 'policy_drafted';
  end if;
  return new;
end
$$;
