-- The keyed hash (HMAC-SHA256) of an address, normalized: spaces as one, in lower case. The setting caspers.address_key of
-- the session holds the inner and the outer key of the HMAC as hex; without it, or without an address, there is no hash.
-- One expression without a query of its own, so that the planner can put it into the statement that uses it.
create or replace function lakeflow.address_hash(address text) returns text
language sql stable parallel safe as $$
  select case when btrim(address) <> '' then encode(sha256(
    decode(split_part(nullif(current_setting('caspers.address_key', true), ''), ' ', 2), 'hex')
      || sha256(
        decode(split_part(nullif(current_setting('caspers.address_key', true), ''), ' ', 1), 'hex')
          || convert_to(lower(regexp_replace(btrim(address), '\s+', ' ', 'g')), 'UTF8')
      )
  ), 'hex') end
$$;
