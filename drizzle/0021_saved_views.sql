-- The filters of the queue that a person comes back to, by a name of theirs; `search` is the queue's own address.
create table refunds.saved_views (
  id bigint generated always as identity primary key,
  person text not null,
  name text not null check (btrim(name) <> '' and length(name) <= 60),
  search text not null check (length(search) <= 2000),
  created_ts timestamptz not null default clock_timestamp(),
  unique (person, name)
);

-- A token acts for the person who made it: they are not a second person to what it asks for.
create or replace function refunds.check_approval(decision refunds.refund_decisions) returns void
language plpgsql as $$
begin
  if decision.approval_id is null and decision.amount_usd <= refunds.approval_limit(decision.decided_by) then
    return;
  end if;
  if refunds.may_approve(decision.approved_by) and exists (
    select from refunds.approval_requests as request
    where request.id = decision.approval_id
      and (request.order_id, request.requested_by, request.amount_usd, request.refund_class)
        = (decision.order_id, decision.decided_by, decision.amount_usd, decision.refund_class)
      and not exists (select from refunds.approval_outcomes where request_id = request.id)
  ) and not exists (
    select from auth.api_tokens
    where 'token:' || name = decision.decided_by and lower(created_by) = lower(decision.approved_by)
  ) then
    return;
  end if;
  raise exception 'a refund of % needs the approval of a second person', decision.amount_usd
    using errcode = 'check_violation', constraint = 'decision_approval';
end
$$;
