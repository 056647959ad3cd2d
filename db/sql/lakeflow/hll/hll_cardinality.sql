-- How many values a sketch has: exact below 1,024, then the improved raw estimator of O. Ertl, "New cardinality
-- estimation algorithms for HyperLogLog sketches", arXiv:1702.01284, algorithm 6, with m = 4,096 and q = 52. Gold
-- stores the result in generated columns, so a change needs a migration that computes them again.
create or replace function lakeflow.hll_cardinality(sketch lakeflow.hll) returns bigint
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
