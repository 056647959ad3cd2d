-- A decision is about the newest recommendation of its order: one that was made, requested or approved on an older one
-- is refused, because the facts may have changed. Its caller holds the case of the order, for which the sync waits
-- before a newer recommendation can be seen.
create or replace function refunds.check_recommendation(decision refunds.refund_decisions) returns void
language plpgsql as $$
begin
  if exists (
    select from recommender.pg_recommendations as newest
    where newest.order_id = decision.order_id and newest.recommendation_id <> decision.recommendation_id
  ) then
    raise exception 'order % has a newer recommendation', decision.order_id
      using errcode = 'check_violation', constraint = 'decision_recommendation';
  end if;
end
$$;
