-- The union of two sets that may overlap. A packed set below 1,024 values counts by its registers from then on.
create or replace function lakeflow.hll_union(a lakeflow.hll, b lakeflow.hll) returns lakeflow.hll
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
