-- The registers of sketches are filled up with zeros by a union and not by a join: a batch of the pipeline joins by
-- nested loops, which are right for its few rows and took a second for 4,096 registers.
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

create or replace function lakeflow.hll_pack(a lakeflow.hll, b lakeflow.hll) returns bytea
language sql immutable parallel safe
begin atomic
  with filled as (
    select slot, max(rank) as rank
    from (select * from lakeflow.hll_entries(a) union all select * from lakeflow.hll_entries(b)) as entry
    group by slot
  )
  select case
    when count(*) * 3 < 4096
      then coalesce(decode(string_agg(lpad(to_hex(slot << 6 | rank), 6, '0'), '' order by slot), 'hex'), '')
    else (
      select decode(string_agg(lpad(to_hex(rank), 2, '0'), '' order by slot), 'hex')
      from (
        select slot, max(rank) as rank
        from (select * from filled union all select s, 0 from generate_series(0, 4095) as s) as entry
        group by slot
      ) as whole
    )
  end
  from filled;
end;
