-- A sketch of the given hashes, which may repeat.
create or replace function lakeflow.hll_of(hashes bigint[]) returns lakeflow.hll
language sql immutable parallel safe
begin atomic
  with given as (
    select coalesce(array_agg(distinct hash order by hash), '{}') as hashes from unnest(hashes) as hash
  )
  select case
    when cardinality(given.hashes) < 1024 then row(given.hashes, null, null, null)::lakeflow.hll
    else row(null, lakeflow.hll_registers(given.hashes), null, null)::lakeflow.hll
  end
  from given;
end;
