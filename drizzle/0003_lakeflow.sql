do $$ begin execute format('alter database %I set timezone to ''UTC''', current_database()); end $$;

-- BRONZE: one row per event, as it came
create table lakeflow.all_events (
  event_id text primary key,
  event_type text not null check (event_type in (
    'order_created', 'gk_started', 'gk_finished', 'gk_ready',
    'driver_arrived', 'driver_picked_up', 'driver_ping', 'delivered')),
  ts timestamptz not null,
  gk_id text,
  location text,
  location_id integer,
  order_id text not null,
  sequence integer not null check (sequence >= 0),
  body json not null,
  rescued_data jsonb,
  source_file text not null,
  source_line integer not null,
  ingested_at timestamptz not null,
  batch_id bigint not null
);
create index all_events_order on lakeflow.all_events (order_id, ts, sequence);
create index all_events_delivered on lakeflow.all_events (order_id) where event_type = 'delivered';

-- SILVER: one row per item line of an order
create table lakeflow.silver_order_items (
  order_id text not null,
  gk_id text,
  location text,
  location_id integer,
  order_ts timestamptz not null,
  order_day date not null,
  line_no integer not null check (line_no >= 1),
  item_id integer,
  menu_id integer,
  category_id integer,
  brand_id integer,
  item_name text,
  price numeric(12, 2) not null check (price >= 0),
  qty integer not null check (qty >= 1),
  extended_price numeric(16, 2) not null check (extended_price = price * qty),
  batch_id bigint not null,
  primary key (order_id, line_no)
);
create index silver_order_items_day on lakeflow.silver_order_items (order_day);

-- SILVER: one row per order that was created and delivered
create table lakeflow.silver_deliveries (
  order_id text primary key,
  gk_id text,
  location text,
  location_id integer,
  created_ts timestamptz not null,
  delivered_ts timestamptz not null,
  delivery_minutes double precision not null,
  batch_id bigint not null
);
create index silver_deliveries_location on lakeflow.silver_deliveries (location, delivered_ts);
create index silver_deliveries_batch on lakeflow.silver_deliveries (batch_id, order_id);

-- GOLD: one row per order
create table lakeflow.gold_order_header (
  order_id text primary key,
  gk_id text,
  location text,
  location_id integer,
  order_day date not null,
  order_revenue numeric(18, 2) not null,
  total_qty bigint not null,
  total_items bigint not null,
  brands_in_order integer[] not null
);
create index gold_order_header_day on lakeflow.gold_order_header (order_day);

-- GOLD: one row per item and day
create table lakeflow.gold_item_sales_day (
  item_id integer,
  menu_id integer,
  category_id integer,
  brand_id integer,
  day date not null,
  units_sold bigint not null,
  gross_revenue numeric(18, 2) not null,
  unique nulls not distinct (day, item_id, menu_id, category_id, brand_id)
);

-- GOLD: one row per brand and day; `orders` is the estimate of its sketch, exact below 1,024, and never anything else
create table lakeflow.gold_brand_sales_day (
  brand_id integer,
  day date not null,
  orders bigint not null generated always as (lakeflow.hll_cardinality(orders_sketch)) stored,
  items_sold bigint not null,
  brand_revenue numeric(18, 2) not null,
  orders_sketch lakeflow.hll not null,
  unique nulls not distinct (day, brand_id)
);

-- GOLD: one row per location and hour (UTC)
create table lakeflow.gold_location_sales_hourly (
  location text,
  hour_ts timestamptz not null,
  orders bigint not null generated always as (lakeflow.hll_cardinality(orders_sketch)) stored,
  revenue numeric(18, 2) not null,
  orders_sketch lakeflow.hll not null,
  unique nulls not distinct (hour_ts, location)
);

-- GOLD: one row per location and hour of delivery (UTC); minutes from created to delivered
create table lakeflow.gold_delivery_times_hourly (
  location text,
  hour_ts timestamptz not null,
  deliveries bigint not null,
  p50 double precision not null,
  p75 double precision not null,
  p99 double precision not null,
  unique nulls not distinct (hour_ts, location)
);

-- One row per file that was taken: `path` within `volume`, as bronze's source_file in the same batch.
-- `duplicate_of` names the file with the same content that came first; such a file adds nothing.
create table lakeflow.ingested_files (
  volume text not null,
  path text not null,
  size_bytes bigint not null,
  modified_at timestamptz not null,
  sha256 text not null,
  duplicate_of text,
  records bigint not null,
  events_added bigint not null,
  quarantined bigint not null,
  batch_id bigint not null,
  ingested_at timestamptz not null,
  primary key (volume, path)
);
create index ingested_files_sha256 on lakeflow.ingested_files (sha256);

-- how far a stream has come; written only in the transaction that writes its rows
create table lakeflow.checkpoints (
  name text primary key,
  batch_id bigint not null,
  max_event_ts timestamptz,
  watermark timestamptz,
  updated_at timestamptz not null
);

create table lakeflow.quarantined_records (
  id bigint generated always as identity primary key,
  source_file text not null,
  line_no integer not null,
  raw text not null,
  raw_encoding text not null check (raw_encoding in ('text', 'base64')),
  rule text not null,
  reason text not null,
  batch_id bigint not null,
  quarantined_at timestamptz not null,
  replayed_at timestamptz
);
create index quarantined_records_rule on lakeflow.quarantined_records (rule, id);

create table lakeflow.late_events (
  event_id text not null,
  dataset text not null,
  ts timestamptz not null,
  watermark timestamptz not null,
  lateness interval not null,
  primary key (event_id, dataset)
);

create table lakeflow.expectation_results (
  batch_id bigint not null,
  dataset text not null,
  expectation text not null,
  action text not null check (action in ('warn', 'drop', 'fail')),
  passed bigint not null,
  failed bigint not null,
  primary key (batch_id, dataset, expectation)
);

create table lakeflow.table_history (
  table_name text not null,
  version bigint not null,
  "timestamp" timestamptz not null,
  user_name text not null default current_user,
  operation text not null,
  operation_parameters jsonb not null,
  operation_metrics jsonb not null,
  primary key (table_name, version)
);

-- The history of a table of the lakehouse, newest first; an unknown table is an error, as in Delta.
create function public.describe_history(table_name text)
returns table (
  version bigint, "timestamp" timestamptz, user_name text, operation text,
  operation_parameters jsonb, operation_metrics jsonb
)
language plpgsql stable
as $$
declare
  bare constant text := regexp_replace(describe_history.table_name, '^lakeflow\.', '');
begin
  if to_regclass('lakeflow.' || quote_ident(bare)) is null then
    raise exception 'no table % in lakeflow', bare using errcode = 'undefined_table';
  end if;
  return query
    select h.version, h."timestamp", h.user_name, h.operation, h.operation_parameters, h.operation_metrics
    from lakeflow.table_history as h
    where h.table_name = bare
    order by h.version desc;
end
$$;

-- a table whose rows are never changed or removed
create function public.refuse_change() returns trigger
language plpgsql
as $$
begin
  raise exception '%.% is append-only: % is refused', tg_table_schema, tg_table_name, lower(tg_op)
    using errcode = 'insufficient_privilege';
end
$$;

create trigger all_events_append_only before update or delete or truncate on lakeflow.all_events
for each statement execute function public.refuse_change();
