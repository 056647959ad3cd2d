-- Only a lead or an admin whose account is active approves refunds.
create or replace function refunds.may_approve(person text) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (
    select from auth."user" where email = person and role in ('lead', 'admin') and disabled_at is null
  )
$$;
