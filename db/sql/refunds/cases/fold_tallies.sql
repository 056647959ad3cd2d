-- Folds the rows of the counters into one per kind of case. It skips rows that another transaction is folding.
-- Only refunds.tally_cases may call it.
create or replace function refunds.fold_tallies() returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with folded as (
    delete from refunds.tallies
    where id in (select id from refunds.tallies order by id for update skip locked)
    returning *
  )
  insert into refunds.tallies (status, refund_class, source, location, decided_class, n, suggested_usd, decided_usd)
  select status, refund_class, source, location, decided_class, sum(n), sum(suggested_usd), sum(decided_usd)
  from folded
  group by status, refund_class, source, location, decided_class
  having sum(n) <> 0 or sum(suggested_usd) <> 0 or sum(decided_usd) <> 0
$$;
revoke execute on function refunds.fold_tallies() from public;
