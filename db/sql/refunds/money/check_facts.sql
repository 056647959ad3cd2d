-- A decision is based on the facts of the order as they are: one whose suggestion was based on facts that have changed
-- since is refused, and so is the approval of a request for one. Its caller holds the case of the order, for which the
-- sync waits before newer facts can be seen.
create or replace function refunds.check_facts(decision refunds.refund_decisions) returns void
language plpgsql as $$
begin
  if exists (
    select from recommender.pg_recommendations as r
    where r.order_id = decision.order_id
      and refunds.facts_differ(decision.source_suggestion, r.facts)
  ) then
    raise exception 'the facts of order % have changed since this was suggested', decision.order_id
      using errcode = 'check_violation', constraint = 'decision_facts';
  end if;
end
$$;
