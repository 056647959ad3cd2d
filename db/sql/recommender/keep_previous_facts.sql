-- A recommendation that is based on other facts than the one it replaces keeps those of that one beside its own.
create or replace function recommender.keep_previous_facts() returns trigger
language plpgsql as $$
begin
  new.previous_facts := old.facts;
  return new;
end
$$;
