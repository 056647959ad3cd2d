-- The union of two sketches as an array of registers: the greatest rank of each slot.
create or replace function lakeflow.hll_merge(a lakeflow.hll, b lakeflow.hll) returns smallint[]
language sql immutable parallel safe
begin atomic
  select array_agg(rank order by slot)
  from (
    select slot, max(rank)::smallint as rank
    from (
      select * from lakeflow.hll_entries(a)
      union all
      select * from lakeflow.hll_entries(b)
      union all
      select s, 0 from generate_series(0, 4095) as s
    ) as entry
    group by slot
  ) as filled;
end;
