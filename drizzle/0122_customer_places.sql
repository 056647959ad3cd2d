-- SILVER: where an order goes, as its creation says: personal data, with rights and a retention of its own. One row per
-- created order of a day that is kept. `address_hash` is a keyed hash of the normalized address: equal addresses have
-- equal hashes, and without the key addresses cannot be tried out. It is null where there is no address, or no key yet.
create table lakeflow.silver_customer_places (
  order_id text primary key,
  order_day date not null,
  latitude double precision,
  longitude double precision,
  address text,
  address_hash text
);
create index silver_customer_places_day on lakeflow.silver_customer_places (order_day);
create index silver_customer_places_hash on lakeflow.silver_customer_places (address_hash)
  where address_hash is not null;

-- the sync deletes what the lakehouse has deleted
create index pg_order_places_created on recommender.pg_order_places (created_ts);

-- The orders that came before; `npm run pipeline -- rehash-addresses` adds their hashes.
insert into lakeflow.silver_customer_places (order_id, order_day, latitude, longitude, address)
select
  known.order_id, (known.created_ts at time zone 'UTC')::date, (event.body ->> 'customer_lat')::double precision,
  (event.body ->> 'customer_lon')::double precision, event.body ->> 'customer_addr'
from lakeflow.silver_orders as known
join lakeflow.all_events as event
  on event.order_id = known.order_id and event.event_id = known.created_event_id and event.ts = known.created_ts;
