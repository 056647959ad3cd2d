-- The status of an order after its decision or its request for approval is revoked: an order that was escalated or
-- reversed before is so again, any other is queued.
create or replace function refunds.status_after_revoke(wanted_order text) returns text
language sql stable as $$
  select coalesce(max(last.from_status) filter (where last.from_status in ('escalated', 'reversed')), 'queued')
  from (
    select from_status from refunds.case_history
    where order_id = wanted_order and to_status in ('pending_approval', 'decided') and from_status <> 'pending_approval'
    order by id desc
    limit 1
  ) as last
$$;
