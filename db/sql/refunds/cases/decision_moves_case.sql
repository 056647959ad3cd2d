-- A decision makes its order decided, a reversal makes it reversed, and an undo returns it to the status from before.
create or replace function refunds.decision_moves_case() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform refunds.move_case(
    new.order_id,
    case new.kind
      when 'decision' then 'decided'
      when 'undo' then refunds.status_after_revoke(new.order_id)
      else 'reversed'
    end,
    coalesce(new.approved_by, new.decided_by), new.decided_ts, new.approval_id is not null, new
  );
  return null;
end
$$;
