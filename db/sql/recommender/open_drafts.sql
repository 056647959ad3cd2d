-- The drafts of policies that wait for a second person.
create or replace view recommender.open_drafts as
select draft.id, draft.version, draft.author, draft.note, draft.created_at
from recommender.policy_drafts as draft
where not exists (select from recommender.policy_activations as publication where publication.draft_id = draft.id);
