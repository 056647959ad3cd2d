-- The single values of a policy's rules by their paths, such as `tiers.0.refund_percent`, without its version
-- and without nulls.
create or replace function recommender.policy_leaves(rules jsonb) returns table (path text, value jsonb)
language sql immutable as $$
  with recursive part (path, value) as (
    select key, each.value from jsonb_each(rules - 'version') as each
    union all
    select part.path || '.' || inside.key, inside.value
    from part
    cross join lateral (
      select key, each.value
      from jsonb_each(case jsonb_typeof(part.value) when 'object' then part.value else '{}' end) as each
      union all
      select (place - 1)::text, element
      from jsonb_array_elements(case jsonb_typeof(part.value) when 'array' then part.value else '[]' end)
        with ordinality as list (element, place)
    ) as inside
  )
  select part.path, part.value from part where jsonb_typeof(part.value) not in ('object', 'array', 'null')
$$;
