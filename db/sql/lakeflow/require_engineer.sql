-- Refuses a change of the pipeline's records that is not asked for by an engineer or an admin with an active account.
-- Under the console's role a person must be named. Elsewhere null is an operator at the command line or the pipeline
-- itself. A database without any account is the lakehouse of a console elsewhere: an address is taken as it is.
create or replace function lakeflow.require_engineer(person text) returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  found_role text;
begin
  if person is null then
    if current_setting('role') <> 'caspers_console' then return; end if;
    raise exception 'no person is named' using errcode = 'check_violation', constraint = 'pipeline_person';
  end if;
  if not exists (select from auth."user") and person like '_%@_%' then return; end if;
  select role into found_role from auth.find_person(person);
  if found_role in ('engineer', 'admin') then return; end if;
  raise exception 'the role of % may not change the records of the pipeline', person
    using errcode = 'check_violation', constraint = 'pipeline_role';
end
$$;
revoke execute on function lakeflow.require_engineer(text) from public;
