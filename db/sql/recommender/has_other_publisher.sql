-- Whether a person other than this one may publish policies. Without any account, there is always another.
create or replace function recommender.has_other_publisher(person text) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select not exists (select from auth."user") or exists (
    select from auth."user" where email <> person and role in ('lead', 'admin') and disabled_at is null
  )
$$;
revoke execute on function recommender.has_other_publisher(text) from public;
