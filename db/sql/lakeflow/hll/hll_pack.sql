-- The union of two sketches as packed registers: the greatest rank of each slot.
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
