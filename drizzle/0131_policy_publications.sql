-- needs: auth.append_audit
-- Who changes the policy: a draft proposes a version, and its publication by a second person makes that the active one.

create table recommender.policy_drafts (
  id bigint generated always as identity primary key,
  version text not null references recommender.policies,
  author text not null,
  note text not null check (length(btrim(note)) between 1 and 2000),
  created_at timestamptz not null default now()
);
create index policy_drafts_version on recommender.policy_drafts (version, id desc);

-- A publication. `draft_id` and `note` are null for the built-in policy, which the system published, and for what was
-- activated before publications had a person; `replaces` is the version that was active until then.
alter table recommender.policy_activations
  add column draft_id bigint unique references recommender.policy_drafts,
  add column published_by text not null default 'system',
  add column note text check (length(btrim(note)) between 1 and 2000),
  add column replaces text references recommender.policies,
  add check (published_by = 'system' or (draft_id is not null and note is not null));
alter table recommender.policy_activations alter column published_by drop default;

select auth.append_audit('system', 'policy_published', version, jsonb_build_object(
  'note', case
    when id = 1 then 'the built-in policy, published by the system'
    else 'activated before publications had a person'
  end,
  'activated_at', activated_at
))
from recommender.policy_activations
order by id;
