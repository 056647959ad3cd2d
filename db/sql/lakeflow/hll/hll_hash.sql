-- The hash under which a text counts in a sketch: the first 64 bits of its md5.
create or replace function lakeflow.hll_hash(value text) returns bigint
language sql immutable strict parallel safe
return ('x' || substr(md5(value), 1, 16))::bit(64)::bigint;
