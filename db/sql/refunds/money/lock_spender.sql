-- Where a person has a daily limit, their decisions wait for one another until they commit.
create or replace function refunds.lock_spender(person text) returns void
language plpgsql as $$
begin
  if (select daily_limit_usd from refunds.limits_in_force(person)) is not null then
    -- advisoryLockSeeds.spender
    perform pg_advisory_xact_lock(hashtextextended(min(identity), 28))
    from unnest(refunds.spender_identities(person)) as identity;
  end if;
end
$$;
