-- The keyed hash (HMAC-SHA256) of an address, normalized: spaces as one, in lower case. The setting caspers.address_key of
-- the session holds the inner and the outer key of the HMAC as hex; without it, or without an address, there is no hash.
create or replace function lakeflow.address_hash(address text) returns text
language sql stable parallel safe as $$
  select encode(sha256(
    decode(split_part(setting.keys, ' ', 2), 'hex')
      || sha256(
        decode(split_part(setting.keys, ' ', 1), 'hex')
          || convert_to(lower(regexp_replace(btrim(address), '\s+', ' ', 'g')), 'UTF8')
      )
  ), 'hex')
  from (select nullif(current_setting('caspers.address_key', true), '') as keys) as setting
  where setting.keys is not null and btrim(address) <> ''
$$;
