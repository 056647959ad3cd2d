-- SYNC: what the console shows of an order and what a refund is checked against, built from the lakehouse by
-- lib/orders and written by `sync` with the recommendation of the order. One row per order. `facts_batch` is the batch
-- of the pipeline that last changed the order's facts; a row built from an older batch never replaces a newer one.
create table recommender.pg_orders (
  order_id text primary key,
  facts_batch bigint not null,
  gk_id text,
  location text,
  location_id integer,
  location_name text,
  time_zone text,
  created_ts timestamptz not null,
  delivered_ts timestamptz,
  delivery_minutes double precision,
  total_usd numeric(18, 2) not null check (total_usd >= 0),
  brand_ids integer[] not null,
  -- the lines in their order; money is decimal text
  lines json not null,
  -- the first time of each border between the phases, in the order of borderTypes (lib/orders/measure-phases.ts)
  border_ts timestamptz[] not null,
  -- [event_id, event_type, ts, sequence, gk_id, location, location_id, body] by time, without the customer's address
  events json not null,
  synced_at timestamptz not null
);
-- the deliveries of a location by time, with which the phases of an order are compared
create index pg_orders_location on recommender.pg_orders (location, delivered_ts);

-- SYNC: where an order went: personal data, with rights of its own. One row per order whose place is known.
create table recommender.pg_order_places (
  order_id text primary key,
  created_ts timestamptz not null,
  latitude double precision,
  longitude double precision,
  address text
);

-- SYNC: the brands that orders can be filtered by
create table recommender.pg_brands (
  brand_id integer primary key,
  name text not null
);

-- The sync reads every recommendation once more, which writes the orders of those that are synced already.
delete from recommender.sync_checkpoints where name = 'pg_recommendations';
