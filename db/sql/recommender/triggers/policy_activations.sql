-- Activations are append-only: they are the history of the active policy.
create trigger policy_activations_append_only before update or delete or truncate on recommender.policy_activations
for each statement execute function lakeflow.refuse_change();
