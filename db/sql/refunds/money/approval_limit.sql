-- A person decides a refund alone up to the limit of a single refund and up to what is left of their daily limit
-- today.
create or replace function refunds.approval_limit(person text) returns numeric
language sql stable as $$
  select least(
    limits.single_limit_usd,
    case when limits.daily_limit_usd is not null then
      greatest(limits.daily_limit_usd - refunds.refunded_today(person), 0)
    end
  )
  from refunds.limits_in_force(person) as limits
$$;
