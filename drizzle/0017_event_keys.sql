-- An event_id that is 32 hexadecimal digits is its own key, which costs nothing to compute; any other has its md5.
create or replace function lakeflow.event_key(event_id text) returns uuid
language sql immutable strict parallel safe
return case when event_id ~ '^[0-9a-f]{32}$' then event_id else md5(event_id) end::uuid;

truncate lakeflow.event_keys;
insert into lakeflow.event_keys
select lakeflow.event_key(event_id) from lakeflow.all_events;
