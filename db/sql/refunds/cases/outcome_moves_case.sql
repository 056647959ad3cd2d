-- A request that is rejected or withdrawn returns its order to the status from before; one that is approved must have
-- its decision already, in the same transaction.
create or replace function refunds.outcome_moves_case() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  requested_order constant text := (select order_id from refunds.approval_requests where id = new.request_id);
begin
  if new.outcome <> 'approved' then
    perform refunds.move_case(
      requested_order, refunds.status_after_revoke(requested_order), new.person, new.ts, false, null
    );
  elsif not exists (select from refunds.refund_decisions where approval_id = new.request_id) then
    raise exception 'request % can only be approved together with its decision', new.request_id
      using errcode = 'check_violation';
  end if;
  return null;
end
$$;
