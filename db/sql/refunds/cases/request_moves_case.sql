-- A request for approval makes its order wait for the answer.
create or replace function refunds.request_moves_case() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform refunds.move_case(new.order_id, 'pending_approval', new.requested_by, new.requested_ts, false, null);
  return null;
end
$$;
