-- The person with an active account whom an e-mail address or an id names. For rules that run as the owner.
create or replace function auth.find_person(wanted text) returns table (email text, role text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select person.email, person.role
  from auth."user" as person
  where disabled_at is null and (person.email = lower(btrim(wanted)) or person.id = btrim(wanted))
  limit 1
$$;
revoke execute on function auth.find_person(text) from public;
