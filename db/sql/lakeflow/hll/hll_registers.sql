-- The 4,096 registers of a set of hashes. Zeros are filled in by a union and not by a join: a batch of the pipeline
-- joins by nested loops, which suit its few rows and took a second for 4,096 registers.
create or replace function lakeflow.hll_registers(hashes bigint[]) returns smallint[]
language sql immutable strict parallel safe
begin atomic
  select array_agg(rank order by slot)
  from (
    select slot, max(rank)::smallint as rank
    from (select * from lakeflow.hll_entries(hashes) union all select s, 0 from generate_series(0, 4095) as s) as entry
    group by slot
  ) as filled;
end;
