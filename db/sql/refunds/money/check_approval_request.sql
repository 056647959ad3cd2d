-- A request for approval names the total of its order, and a reason code where it overrides the suggestion.
create or replace function refunds.check_approval_request() returns trigger
language plpgsql as $$
declare
  total constant numeric := refunds.order_total(new.order_id);
begin
  if total is distinct from new.order_total_usd then
    raise exception 'order % has a total of %, not %', new.order_id, total, new.order_total_usd
      using errcode = 'check_violation';
  end if;
  perform refunds.check_reason_code(new.source_suggestion, new.refund_class, new.amount_usd, new.reason_code);
  return new;
end
$$;
