-- Towards the daily limit counts what a person has decided alone today (UTC) and what was not undone or reversed
-- since.
create or replace function refunds.refunded_today(person text) returns numeric
language sql stable as $$
  select coalesce(sum(decision.amount_usd), 0)
  from refunds.refund_decisions as decision
  where decision.decided_by = any(refunds.spender_identities(person))
    and decision.decided_ts >= date_trunc('day', clock_timestamp() at time zone 'UTC') at time zone 'UTC'
    and decision.kind = 'decision' and decision.approval_id is null
    and not exists (select from refunds.refund_decisions as later where later.supersedes_id = decision.id)
$$;
