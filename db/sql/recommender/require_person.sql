-- The address of the person who writes or publishes a draft. The account must be active, and its role one of those that
-- `allowed` lists. A database without any account is the lakehouse of a console elsewhere: an address is taken as it is.
create or replace function recommender.require_person(wanted text, allowed text[]) returns text
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  person record;
begin
  select * into person from auth.find_person(wanted);
  if person.role = any (allowed) then return person.email; end if;
  if person.role is not null then
    raise exception 'the role % may not do this', person.role
      using errcode = 'check_violation', constraint = 'policy_role';
  end if;
  if not exists (select from auth."user") and wanted like '_%@_%' then return lower(btrim(wanted)); end if;
  raise exception 'no active account of %', wanted using errcode = 'check_violation', constraint = 'policy_person';
end
$$;
revoke execute on function recommender.require_person(text, text[]) from public;
