-- What the console may not do by itself, now that it works under a role of its own: an order is decided, waits for
-- approval or is reversed through its decision alone.
create or replace function refunds.check_step() returns trigger
language plpgsql as $$
declare
  earned constant text[] := '{decided,reversed,pending_approval}';
begin
  if not exists (
    select from refunds.case_steps where from_status = old.status and to_status = new.status
  ) or (current_user = 'caspers_console' and (old.status = any(earned) or new.status = any(earned))) then
    raise exception 'an order that is % cannot become %', old.status, new.status
      using errcode = 'check_violation', constraint = 'case_step';
  end if;
  insert into refunds.case_history (order_id, from_status, to_status, person, ts, note, due_ts)
  values (new.order_id, old.status, new.status, new.changed_by, new.changed_ts, new.note, new.due_ts);
  perform pg_notify('refund_cases', new.order_id);
  return new;
end
$$;

alter function refunds.decision_moves_case() security definer set search_path = pg_catalog, pg_temp;
alter function refunds.request_moves_case() security definer set search_path = pg_catalog, pg_temp;
alter function refunds.outcome_moves_case() security definer set search_path = pg_catalog, pg_temp;
revoke execute on function
  refunds.move_case(text, text, text, timestamptz, boolean, refunds.refund_decisions), refunds.fold_tallies()
from public;

-- a decision has a person, and its time is now: nobody decides in the past or in the future
create function refunds.stamp_decision() returns trigger
language plpgsql as $$
begin
  new.decided_ts := clock_timestamp();
  return new;
end
$$;
create trigger refund_decisions_a_stamp before insert on refunds.refund_decisions
for each row execute function refunds.stamp_decision();
