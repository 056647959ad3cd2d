-- Publications are append-only: they are the history of the active policy. Each is checked, and audited at commit.
create trigger policy_activations_append_only before update or delete or truncate on recommender.policy_activations
for each statement execute function lakeflow.refuse_change();

create trigger policy_activations_check before insert on recommender.policy_activations
for each row execute function recommender.check_publication();

create constraint trigger policy_activations_audit after insert on recommender.policy_activations
deferrable initially deferred for each row execute function auth.audit_policy_publication();
