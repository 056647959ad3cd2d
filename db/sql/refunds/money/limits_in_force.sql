-- The limits for a person are the newest, or the newest that another person set where that is lower: raising one's
-- own limit has no effect on one's own decisions. Without a daily limit, that limit is null.
create or replace function refunds.limits_in_force(person text)
returns table (single_limit_usd numeric, daily_limit_usd numeric)
language sql stable as $$
  select
    least(newest.approval_limit_usd, by_others.approval_limit_usd),
    least(newest.daily_limit_usd, by_others.daily_limit_usd)
  from (select * from refunds.settings order by id desc limit 1) as newest
  left join (
    select * from refunds.settings where changed_by <> person order by id desc limit 1
  ) as by_others on true
$$;
