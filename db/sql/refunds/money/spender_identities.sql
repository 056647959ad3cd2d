-- A token spends for the person who created it: a person and their tokens share one daily limit.
create or replace function refunds.spender_identities(person text) returns text[]
language sql stable as $$
  with owner as (
    select coalesce((select created_by from auth.api_tokens where 'token:' || name = person), person) as email
  )
  select array_agg(identity) from (
    select email as identity from owner
    union
    select 'token:' || token.name
    from auth.api_tokens as token
    join owner on lower(token.created_by) = lower(owner.email)
  ) as identities
$$;
