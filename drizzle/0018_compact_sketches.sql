-- A third form of a sketch: compact, for windows that are closed. The set of hashes gives way to its registers, packed,
-- and to its number of values, which stays exact below 1,024 (docs/decisions/0011).
alter table lakeflow.gold_brand_sales_day drop column orders;
alter table lakeflow.gold_location_sales_hourly drop column orders;
drop function lakeflow.hll_of(bigint[]);
drop function lakeflow.hll_union(lakeflow.hll, lakeflow.hll);
drop function lakeflow.hll_cardinality(lakeflow.hll);
alter type lakeflow.hll rename to hll_before;

-- A mergeable sketch of a set of 64-bit hashes, in one of three forms; a null sketch is the empty set.
-- hashes: the sorted set itself, below 1,024 values. registers: 4,096 of them (HyperLogLog, p = 12), from there on.
-- packed: the registers in as few bytes as they need, with `exact`, the number of values, where it is below 1,024.
create type lakeflow.hll as (hashes bigint[], registers smallint[], packed bytea, exact integer);

-- (not strict, so that Postgres can inline them; null has no entries)
-- the registers that are not 0, of a packed form: three bytes each (12 bits the slot, 6 the rank), or, where that
-- would be longer, one byte for each of the 4,096
create function lakeflow.hll_entries(packed bytea) returns table (slot integer, rank integer)
language sql immutable parallel safe
begin atomic
  select entry >> 6, entry & 63
  from generate_series(0, length(packed) - 3, 3) as at,
    lateral (
      select (get_byte(packed, at) << 16) | (get_byte(packed, at + 1) << 8) | get_byte(packed, at + 2) as entry
    ) as read
  where length(packed) <> 4096
  union all
  select at, get_byte(packed, at)
  from generate_series(0, 4095) as at
  where length(packed) = 4096 and get_byte(packed, at) > 0;
end;

-- the same of a set of hashes: the low 12 bits choose the slot, the rank is the number of leading zeros of the other
-- 52 bits, plus one: their digits in binary are counted by the powers of two, 2⁰ to 2⁵¹, that they reach
create function lakeflow.hll_entries(hashes bigint[]) returns table (slot integer, rank integer)
language sql immutable parallel safe
begin atomic
  select
    (hash & 4095)::integer,
    max(53 - width_bucket((hash >> 12) & 4503599627370495, '{
      1,2,4,8,16,32,64,128,256,512,1024,2048,4096,8192,16384,32768,65536,131072,262144,524288,1048576,
      2097152,4194304,8388608,16777216,33554432,67108864,134217728,268435456,536870912,1073741824,
      2147483648,4294967296,8589934592,17179869184,34359738368,68719476736,137438953472,274877906944,
      549755813888,1099511627776,2199023255552,4398046511104,8796093022208,17592186044416,35184372088832,
      70368744177664,140737488355328,281474976710656,562949953421312,1125899906842624,2251799813685248}'::bigint[]))
  from unnest(hashes) as hash
  group by 1;
end;

create function lakeflow.hll_entries(registers smallint[]) returns table (slot integer, rank integer)
language sql immutable parallel safe
begin atomic
  select (at - 1)::integer, register::integer
  from unnest(registers) with ordinality as r (register, at)
  where register > 0;
end;

create function lakeflow.hll_entries(sketch lakeflow.hll) returns table (slot integer, rank integer)
language sql immutable parallel safe
begin atomic
  select * from lakeflow.hll_entries((sketch).hashes)
  union all
  select * from lakeflow.hll_entries((sketch).registers)
  union all
  select * from lakeflow.hll_entries((sketch).packed);
end;

create or replace function lakeflow.hll_registers(hashes bigint[]) returns smallint[]
language sql immutable strict parallel safe
begin atomic
  select array_agg(coalesce(rank, 0)::smallint order by s)
  from generate_series(0, 4095) as s
  left join lakeflow.hll_entries(hashes) on slot = s;
end;

-- one union of registers: the greatest rank of each slot, packed or as an array
create function lakeflow.hll_pack(a lakeflow.hll, b lakeflow.hll) returns bytea
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
      select decode(string_agg(lpad(to_hex(coalesce(f.rank, 0)), 2, '0'), '' order by s), 'hex')
      from generate_series(0, 4095) as s
      left join filled as f on f.slot = s
    )
  end
  from filled;
end;

create function lakeflow.hll_merge(a lakeflow.hll, b lakeflow.hll) returns smallint[]
language sql immutable parallel safe
begin atomic
  with filled as (
    select slot, max(rank) as rank
    from (select * from lakeflow.hll_entries(a) union all select * from lakeflow.hll_entries(b)) as entry
    group by slot
  )
  select array_agg(coalesce(rank, 0)::smallint order by s)
  from generate_series(0, 4095) as s
  left join filled on slot = s;
end;

-- the union of two sets that may overlap; a compact set below 1,024 values counts by its registers from then on
create function lakeflow.hll_union(a lakeflow.hll, b lakeflow.hll) returns lakeflow.hll
language plpgsql immutable parallel safe
as $$
declare
  merged bigint[];
begin
  if a is null or (cardinality((a).hashes) = 0 and not (b is null)) then
    return b;
  end if;
  if b is null or cardinality((b).hashes) = 0 then
    return a;
  end if;
  if (a).hashes is not null and (b).hashes is not null then
    select array_agg(distinct hash order by hash) into merged from unnest((a).hashes || (b).hashes) as hash;
    if cardinality(merged) < 1024 then
      return row(merged, null, null, null)::lakeflow.hll;
    end if;
  end if;
  return row(null, lakeflow.hll_merge(a, b), null, null)::lakeflow.hll;
end
$$;

-- the number of values where it is known, which is below 1,024
create function lakeflow.hll_exact(sketch lakeflow.hll) returns integer
language sql immutable parallel safe
return coalesce((sketch).exact, cardinality((sketch).hashes));

-- the union of two sets that share no value: what is compact stays so, and exact below 1,024
create function lakeflow.hll_add(a lakeflow.hll, b lakeflow.hll) returns lakeflow.hll
language plpgsql immutable parallel safe
as $$
declare
  total constant integer := lakeflow.hll_exact(a) + lakeflow.hll_exact(b);
begin
  if a is null or b is null then
    return coalesce(a, b);
  end if;
  if (a).packed is null and (b).packed is null then
    return lakeflow.hll_union(a, b);
  end if;
  return row(null, null, lakeflow.hll_pack(a, b), case when total < 1024 then total end)::lakeflow.hll;
end
$$;

-- the compact form, which is the same whatever form the set had
create function lakeflow.hll_compact(sketch lakeflow.hll) returns lakeflow.hll
language sql immutable parallel safe
return case
  when sketch is null or (sketch).packed is not null then sketch
  else row(null, null, lakeflow.hll_pack(sketch, null), cardinality((sketch).hashes))::lakeflow.hll
end;

-- a sketch of the given hashes, which may repeat
create function lakeflow.hll_of(hashes bigint[]) returns lakeflow.hll
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

-- Exact below 1,024 values. Above: the improved raw estimator of O. Ertl, "New cardinality estimation
-- algorithms for HyperLogLog sketches", arXiv:1702.01284, algorithm 6, with m = 4,096 and q = 52.
create function lakeflow.hll_cardinality(sketch lakeflow.hll) returns bigint
language plpgsql immutable parallel safe
as $$
declare
  m constant double precision := 4096;
  q constant integer := 52;
  counts double precision[];
  z double precision;
  x double precision;
  y double precision := 1;
  previous double precision;
  term double precision;
begin
  if sketch is null or lakeflow.hll_exact(sketch) is not null then
    return lakeflow.hll_exact(sketch);
  end if;
  with filled as (
    select rank, count(*) as n from lakeflow.hll_entries(sketch) group by rank
  )
  select array_agg(coalesce(n, case when r = 0 then m - (select coalesce(sum(n), 0) from filled) else 0 end) order by r)
  into counts
  from generate_series(0, q + 1) as r
  left join filled on rank = r;
  -- m · τ(1 − C[q+1] / m)
  x := 1 - counts[q + 2] / m;
  term := 0;
  if x > 0 and x < 1 then
    term := 1 - x;
    loop
      x := sqrt(x);
      previous := term;
      y := y / 2;
      term := term - (1 - x) ^ 2 * y;
      exit when term = previous;
    end loop;
    term := term / 3;
  end if;
  z := m * term;
  for rank in reverse q .. 1 loop
    z := (z + counts[rank + 1]) / 2;
  end loop;
  -- m · σ(C[0] / m)
  x := counts[1] / m;
  term := x;
  y := 1;
  if x = 1 then
    return 0;
  end if;
  while x > 0 loop
    x := x * x;
    previous := term;
    term := term + x * y;
    y := y * 2;
    exit when term = previous;
  end loop;
  z := z + m * term;
  return round(m * m / (2 * ln(2) * z));
end
$$;

alter table lakeflow.gold_brand_sales_day alter column orders_sketch type lakeflow.hll
using row((orders_sketch).hashes, (orders_sketch).registers, null, null)::lakeflow.hll;
alter table lakeflow.gold_location_sales_hourly alter column orders_sketch type lakeflow.hll
using row((orders_sketch).hashes, (orders_sketch).registers, null, null)::lakeflow.hll;
drop type lakeflow.hll_before;
alter table lakeflow.gold_brand_sales_day
add column orders bigint not null generated always as (lakeflow.hll_cardinality(orders_sketch)) stored;
alter table lakeflow.gold_location_sales_hourly
add column orders bigint not null generated always as (lakeflow.hll_cardinality(orders_sketch)) stored;

-- the windows whose sketches are not compact
create index gold_brand_sales_day_open on lakeflow.gold_brand_sales_day (day)
where (orders_sketch).packed is null;
create index gold_location_sales_hourly_open on lakeflow.gold_location_sales_hourly (hour_ts)
where (orders_sketch).packed is null;
