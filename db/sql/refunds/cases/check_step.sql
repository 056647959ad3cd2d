-- A case changes its status only as case_steps allows, a claim in force is its holder's alone, and every change is
-- written to case_history. A claim or a snooze whose time is over has ended at that time, even if the row still shows
-- it.
create or replace function refunds.check_step() returns trigger
language plpgsql as $$
declare
  by_decision_only constant text[] := '{decided,reversed,pending_approval}';
  is_expired constant boolean := coalesce(old.due_ts <= clock_timestamp(), false);
begin
  -- A claim that is extended by its holder is not a step.
  if old.status = new.status and old.assignee = new.assignee and not is_expired then
    return new;
  end if;

  if old.status = 'claimed' and not is_expired and new.changed_by is distinct from old.assignee then
    raise exception 'order % is claimed by %', new.order_id, old.assignee
      using errcode = 'check_violation', constraint = 'case_claimed';
  end if;

  -- The console itself cannot decide, reverse or request approval: an order gets there through its decision or
  -- request.
  if not exists (
    select from refunds.case_steps
    where from_status = case when is_expired and new.status <> 'queued' then 'queued' else old.status end
      and to_status = new.status
  ) or (
    current_user = 'caspers_console' and (old.status = any(by_decision_only) or new.status = any(by_decision_only))
  ) then
    raise exception 'an order that is % cannot become %', old.status, new.status
      using errcode = 'check_violation', constraint = 'case_step';
  end if;

  if is_expired then
    insert into refunds.case_history (order_id, from_status, to_status, ts)
    values (new.order_id, old.status, 'queued', old.due_ts);
  end if;
  if not is_expired or new.status <> 'queued' then
    insert into refunds.case_history (order_id, from_status, to_status, person, ts, note, due_ts)
    values (
      new.order_id, case when is_expired then 'queued' else old.status end, new.status, new.changed_by,
      new.changed_ts, new.note, new.due_ts
    );
  end if;
  perform pg_notify('refund_cases', new.order_id);
  return new;
end
$$;
