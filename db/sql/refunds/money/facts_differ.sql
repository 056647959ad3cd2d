-- Whether facts differ from those that a suggestion, as a decision keeps it, was based on. A suggestion from before facts
-- were kept differs from none.
create or replace function refunds.facts_differ(suggestion jsonb, facts jsonb) returns boolean
language sql immutable as $$
  select coalesce(nullif(suggestion -> 'facts', 'null') <> facts, false)
$$;
