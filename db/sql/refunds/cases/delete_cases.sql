-- An order without a decision leaves the queue together with its recommendation.
create or replace function refunds.delete_cases() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from refunds.cases
  where order_id in (select order_id from recommendations)
    and not exists (select from refunds.refund_decisions as decision where decision.order_id = cases.order_id);
  return null;
end
$$;
