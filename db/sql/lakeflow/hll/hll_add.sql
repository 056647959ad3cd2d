-- The union of two sets that share no value: a packed set stays packed, and exact below 1,024.
create or replace function lakeflow.hll_add(a lakeflow.hll, b lakeflow.hll) returns lakeflow.hll
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
