-- Appends to the counters how a statement changed the cases; about every 256th row also folds them.
create or replace function refunds.tally_cases() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  changes constant text := case tg_op
    when 'INSERT' then 'select 1 as sign, * from new_cases'
    when 'DELETE' then 'select -1 as sign, * from old_cases'
    else 'select 1 as sign, * from new_cases union all select -1, * from old_cases' end;
  is_due boolean;
begin
  execute format($sql$
    with added as (
      insert into refunds.tallies
        (status, refund_class, source, location, decided_class, n, suggested_usd, decided_usd)
      select
        status, refund_class, source, location, decided_class, sum(sign), sum(sign * coalesce(refund_usd, 0)),
        sum(sign * coalesce(decided_usd, 0))
      from (%s) as change
      group by status, refund_class, source, location, decided_class
      having sum(sign) <> 0 or sum(sign * coalesce(refund_usd, 0)) <> 0 or sum(sign * coalesce(decided_usd, 0)) <> 0
      returning id
    )
    select coalesce(bool_or(id %% 256 = 0), false) from added
  $sql$, changes) into is_due;
  if is_due then perform refunds.fold_tallies(); end if;
  return null;
end
$$;
