-- Drafts of policies are append-only, checked, and audited at commit.
create trigger policy_drafts_append_only before update or delete or truncate on recommender.policy_drafts
for each statement execute function lakeflow.refuse_change();

create trigger policy_drafts_check before insert on recommender.policy_drafts
for each row execute function recommender.check_draft();

create constraint trigger policy_drafts_audit after insert on recommender.policy_drafts
deferrable initially deferred for each row execute function auth.audit_policy_draft();
