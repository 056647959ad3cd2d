-- The key that makes an event count once. An event_id of 32 hexadecimal digits is its own key, which costs nothing to
-- compute; the key of any other is its md5. Keys are stored in lakeflow.event_keys, so a change needs a migration
-- that computes them again.
create or replace function lakeflow.event_key(event_id text) returns uuid
language sql immutable strict parallel safe
return case when event_id ~ '^[0-9a-f]{32}$' then event_id else md5(event_id) end::uuid;
