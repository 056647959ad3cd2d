-- A refund above what the person may decide alone carries out a request for approval that a second person approves.
create or replace function refunds.check_approval(decision refunds.refund_decisions) returns void
language plpgsql as $$
begin
  -- Two decisions of one person at once cannot both use what is left of a daily limit.
  perform refunds.lock_spender(decision.decided_by);

  -- A person decides alone up to their limit.
  if decision.approval_id is null and decision.amount_usd <= refunds.approval_limit(decision.decided_by) then
    return;
  end if;

  if
    -- The approver may approve.
    refunds.may_approve(decision.approved_by)
    -- The decision is exactly what was requested, and the request has no answer yet.
    and exists (
      select from refunds.approval_requests as request
      where request.id = decision.approval_id
        and (request.order_id, request.requested_by, request.amount_usd, request.refund_class)
          = (decision.order_id, decision.decided_by, decision.amount_usd, decision.refund_class)
        and not exists (select from refunds.approval_outcomes where request_id = request.id)
    )
    -- The creator of a token is not a second person to what the token requests.
    and not exists (
      select from auth.api_tokens
      where 'token:' || name = decision.decided_by and lower(created_by) = lower(decision.approved_by)
    )
  then
    return;
  end if;

  raise exception 'a refund of % needs the approval of a second person', decision.amount_usd
    using errcode = 'check_violation', constraint = 'decision_approval';
end
$$;
