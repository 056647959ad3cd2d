-- The rules of money: what every new row of refund_decisions must satisfy, from top to bottom; the files beside this
-- one hold the parts. Further rules are constraints of the table (0005_refunds.sql): an amount never exceeds the total
-- of the order and fits its class, an undo or a reversal refunds nothing, a person cannot approve their own decision,
-- and every row is superseded at most once. Once the case of the order is held, check_recommendation.sql is asked too.
create or replace function refunds.check_decision() returns trigger
language plpgsql as $$
declare
  total constant numeric := refunds.order_total(new.order_id);
  previous refunds.refund_decisions;
begin
  -- A decision is made now: it cannot be dated back or ahead.
  new.decided_ts := clock_timestamp();

  -- A decision is about an order that exists.
  if total is null then
    raise exception 'no order %', new.order_id using errcode = 'foreign_key_violation';
  end if;

  -- The total that limits the amount is the order's own.
  if new.order_total_usd <> total then
    raise exception 'order % has a total of %, not %', new.order_id, total, new.order_total_usd
      using errcode = 'check_violation';
  end if;

  -- A row supersedes only a row of the same order.
  select * into previous from refunds.refund_decisions where id = new.supersedes_id and order_id = new.order_id;
  if new.supersedes_id is not null and previous.id is null then
    raise exception 'decision % is not of order %', new.supersedes_id, new.order_id
      using errcode = 'foreign_key_violation';
  end if;

  -- An undo or a reversal supersedes a decision; a decision is the first row or supersedes one of those two.
  if (new.kind = 'decision') = (previous.kind is not distinct from 'decision') then
    raise exception 'a % cannot follow a %', new.kind, coalesce(previous.kind, 'first decision')
      using errcode = 'check_violation', constraint = 'decision_order';
  end if;

  -- A decision can be undone for 30 seconds, by the person who made it or the person who approved it.
  if new.kind = 'undo' and (
    new.decided_by not in (previous.decided_by, coalesce(previous.approved_by, previous.decided_by))
    or clock_timestamp() - previous.decided_ts > interval '30 seconds'
  ) then
    raise exception 'decision % can no longer be undone by %', previous.id, new.decided_by
      using errcode = 'check_violation', constraint = 'decision_undo';
  end if;

  if new.kind = 'decision' then
    perform refunds.check_reason_code(new.source_suggestion, new.refund_class, new.amount_usd, new.reason_code);
    perform refunds.check_approval(new);
  end if;
  return new;
end
$$;
