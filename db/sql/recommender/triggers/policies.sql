-- Policies are append-only: a version never changes.
create trigger policies_append_only before update or delete or truncate on recommender.policies
for each statement execute function lakeflow.refuse_change();
