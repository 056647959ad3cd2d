-- The number of values where it is known exactly, which is below 1,024; otherwise null.
create or replace function lakeflow.hll_exact(sketch lakeflow.hll) returns integer
language sql immutable parallel safe
return coalesce((sketch).exact, cardinality((sketch).hashes));
