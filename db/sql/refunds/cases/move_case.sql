-- Moves the case of an order to a status because of a decision, a request for approval or the answer to one. The
-- person cannot move a case that another person has claimed, nor decide one that waits for an approval or on an older
-- recommendation. Only the triggers below may call it.
create or replace function refunds.move_case(
  wanted_order text, to_status text, person text, at timestamptz, is_approved boolean, decision refunds.refund_decisions
) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  current_case refunds.cases;
begin
  select * into current_case from refunds.cases where order_id = wanted_order for update;
  if current_case.order_id is null then
    raise exception 'no recommendation for order %', wanted_order using errcode = 'foreign_key_violation';
  end if;
  if current_case.status = 'claimed' and current_case.assignee <> person
    and current_case.due_ts > clock_timestamp()
  then
    raise exception 'order % is claimed by %', wanted_order, current_case.assignee
      using errcode = 'check_violation', constraint = 'case_claimed';
  end if;
  if current_case.status = 'pending_approval' and to_status = 'decided' and not is_approved then
    raise exception 'order % waits for an approval', wanted_order
      using errcode = 'check_violation', constraint = 'case_pending';
  end if;

  if decision.kind = 'decision' then
    perform refunds.check_recommendation(decision);
  end if;

  -- A case that becomes reversed again shows its last reversal.
  if to_status = 'reversed' and decision.kind is distinct from 'reversal' then
    select * into decision from refunds.refund_decisions
    where order_id = wanted_order and kind = 'reversal' order by id desc limit 1;
  end if;

  update refunds.cases
  set status = move_case.to_status, assignee = null, due_ts = null, changed_by = person, changed_ts = at,
    facts_changed = false,
    -- A case that becomes escalated again shows the note of its last escalation.
    note = case when move_case.to_status = 'escalated' then (
      select history.note from refunds.case_history as history
      where history.order_id = wanted_order and history.to_status = 'escalated' order by history.id desc limit 1
    ) end,
    decision_id = case when move_case.to_status in ('decided', 'reversed') then decision.id end,
    decided_class = case when move_case.to_status in ('decided', 'reversed') then decision.refund_class end,
    decided_usd = case when move_case.to_status in ('decided', 'reversed') then decision.amount_usd end
  where order_id = wanted_order;
end
$$;
revoke execute on function
  refunds.move_case(text, text, text, timestamptz, boolean, refunds.refund_decisions)
from public;
