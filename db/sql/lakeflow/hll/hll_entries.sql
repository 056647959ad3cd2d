-- The registers of a sketch that are not 0: slot and rank, one row each; one function per form and one for any
-- sketch. They are not strict, so that Postgres can inline them; null has no entries.

-- of packed registers: three bytes each (12 bits the slot, 6 the rank), or, where that would be longer, one byte for
-- each of the 4,096
create or replace function lakeflow.hll_entries(packed bytea) returns table (slot integer, rank integer)
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

-- of a set of hashes: the low 12 bits choose the slot; the rank is the number of leading zeros of the other 52 bits,
-- plus one, computed from how many of the powers of two, 2⁰ to 2⁵¹, they reach
create or replace function lakeflow.hll_entries(hashes bigint[]) returns table (slot integer, rank integer)
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

-- of an array of registers
create or replace function lakeflow.hll_entries(registers smallint[]) returns table (slot integer, rank integer)
language sql immutable parallel safe
begin atomic
  select (at - 1)::integer, register::integer
  from unnest(registers) with ordinality as r (register, at)
  where register > 0;
end;

-- of a sketch in any form
create or replace function lakeflow.hll_entries(sketch lakeflow.hll) returns table (slot integer, rank integer)
language sql immutable parallel safe
begin atomic
  select * from lakeflow.hll_entries((sketch).hashes)
  union all
  select * from lakeflow.hll_entries((sketch).registers)
  union all
  select * from lakeflow.hll_entries((sketch).packed);
end;
