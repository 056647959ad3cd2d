-- The packed form of a sketch, which is the same whatever form the set had before.
create or replace function lakeflow.hll_compact(sketch lakeflow.hll) returns lakeflow.hll
language sql immutable parallel safe
return case
  when sketch is null or (sketch).packed is not null then sketch
  else row(null, null, lakeflow.hll_pack(sketch, null), cardinality((sketch).hashes))::lakeflow.hll
end;
