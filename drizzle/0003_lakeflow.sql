-- The lakehouse. Bronze and silver lines are partitioned by day, gold by month; a partition is created in the
-- transaction of the batch that first brings rows for it, and the rows of implausible days go to the default
-- partition (docs/decisions/0009).
-- needs: lakeflow.hll_cardinality, lakeflow.protect_partition

-- BRONZE: one row per event, as it came; lakeflow.event_keys makes it count once
create table lakeflow.all_events (
  event_id text not null,
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
) partition by range (ts);
create table lakeflow.all_events_default partition of lakeflow.all_events default;
create index all_events_order on lakeflow.all_events (order_id);
select lakeflow.protect_partition('lakeflow.all_events', 'all_events_default');

-- One row per event that was ever ingested: the key of its event_id. An event counts once, whatever its ts, and for
-- longer than its day is retained.
create table lakeflow.event_keys (
  key uuid primary key
);

-- SILVER: one row per order with any event, with its first creation and its first delivery. It makes the lines of an
-- order come once, and says in which days (UTC) the events of an order lie.
create table lakeflow.silver_orders (
  order_id text primary key,
  first_day date not null,
  last_day date not null,
  gk_id text,
  location text,
  location_id integer,
  created_ts timestamptz,
  created_batch bigint,
  delivered_ts timestamptz,
  delivered_batch bigint
);

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
  primary key (order_id, line_no, order_day)
) partition by range (order_day);
create table lakeflow.silver_order_items_default partition of lakeflow.silver_order_items default;

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
  order_id text not null,
  gk_id text,
  location text,
  location_id integer,
  order_day date not null,
  order_revenue numeric(18, 2) not null,
  total_qty bigint not null,
  total_items bigint not null,
  brands_in_order integer[] not null,
  primary key (order_id, order_day)
) partition by range (order_day);
create table lakeflow.gold_order_header_default partition of lakeflow.gold_order_header default;

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
) partition by range (day);
create table lakeflow.gold_item_sales_day_default partition of lakeflow.gold_item_sales_day default;

-- GOLD: one row per brand and day; `orders` always follows from the sketch: exact below 1,024, then an estimate
create table lakeflow.gold_brand_sales_day (
  brand_id integer,
  day date not null,
  items_sold bigint not null,
  brand_revenue numeric(18, 2) not null,
  orders_sketch lakeflow.hll not null,
  orders bigint not null generated always as (lakeflow.hll_cardinality(orders_sketch)) stored,
  unique nulls not distinct (day, brand_id)
) partition by range (day);
create table lakeflow.gold_brand_sales_day_default partition of lakeflow.gold_brand_sales_day default;
-- the windows whose sketches are not packed yet
create index gold_brand_sales_day_open on lakeflow.gold_brand_sales_day (day) where (orders_sketch).packed is null;

-- GOLD: one row per location and hour (UTC)
create table lakeflow.gold_location_sales_hourly (
  location text,
  hour_ts timestamptz not null,
  revenue numeric(18, 2) not null,
  orders_sketch lakeflow.hll not null,
  orders bigint not null generated always as (lakeflow.hll_cardinality(orders_sketch)) stored,
  unique nulls not distinct (hour_ts, location)
) partition by range (hour_ts);
create table lakeflow.gold_location_sales_hourly_default partition of lakeflow.gold_location_sales_hourly default;
create index gold_location_sales_hourly_open on lakeflow.gold_location_sales_hourly (hour_ts)
  where (orders_sketch).packed is null;

-- GOLD: one row per location and hour of delivery (UTC); minutes from created to delivered
create table lakeflow.gold_delivery_times_hourly (
  location text,
  hour_ts timestamptz not null,
  deliveries bigint not null,
  p50 double precision not null,
  p75 double precision not null,
  p99 double precision not null,
  unique nulls not distinct (hour_ts, location)
) partition by range (hour_ts);
create table lakeflow.gold_delivery_times_hourly_default partition of lakeflow.gold_delivery_times_hourly default;

-- One row per ingested file: `path` within `volume` is the source_file of its events in the same batch.
-- `duplicate_of` names the earlier file with the same content; such a file adds nothing.
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

-- One row per record that could not be read as an event. It is open until it is replayed (`replayed_at`; from
-- `replacement` where it was corrected first, `raw` stays as it came) or given up (`dropped_at`). `replay_added` is
-- false where its event had already been ingested.
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
  replayed_at timestamptz,
  replacement text,
  replay_requested_at timestamptz,
  replay_batch_id bigint,
  replay_added boolean,
  dropped_at timestamptz,
  constraint quarantined_records_replayed_or_dropped check (replayed_at is null or dropped_at is null),
  constraint quarantined_records_replay
    check ((replayed_at is null) = (replay_batch_id is null) and (replayed_at is null) = (replay_added is null))
);
create index quarantined_records_rule on lakeflow.quarantined_records (rule, id);
create index quarantined_records_open on lakeflow.quarantined_records (id)
  where replayed_at is null and dropped_at is null;
create index quarantined_records_requested on lakeflow.quarantined_records (id)
  where replay_requested_at is not null and replayed_at is null and dropped_at is null;

-- Lateness is decided once, at ingestion, and every rebuild honours it. One row per late event and windowed table
-- that leaves it out; a late event that no windowed table reads has one row, of the dataset all_events. `lateness` is
-- how far the event lay behind the newest one, which is more than three hours.
create table lakeflow.late_events (
  event_id text not null,
  dataset text not null,
  ts timestamptz not null,
  watermark timestamptz not null,
  lateness interval not null,
  event_type text not null,
  order_id text not null,
  batch_id bigint not null,
  recorded_at timestamptz not null,
  admit_requested_at timestamptz,
  admitted_at timestamptz,
  admitted_batch_id bigint,
  primary key (event_id, dataset),
  constraint late_events_admitted_once check ((admitted_at is null) = (admitted_batch_id is null)),
  constraint late_events_all_events_not_requested check (dataset <> 'all_events' or admit_requested_at is null)
);
create index late_events_order on lakeflow.late_events (order_id, dataset);
create index late_events_requested on lakeflow.late_events (dataset, event_id)
  where admit_requested_at is not null and admitted_at is null;

create table lakeflow.expectation_results (
  batch_id bigint not null,
  dataset text not null,
  expectation text not null,
  action text not null check (action in ('warn', 'drop', 'fail')),
  passed bigint not null,
  failed bigint not null,
  primary key (batch_id, dataset, expectation)
);

-- one row per version of a table of the lakehouse, as in Delta; public.describe_history reads it
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

-- What happened to the pipeline and when: runs that start, take over, stop and fail, batches, rebuilds, retention.
-- `run_id` ties the entries of a run together; a run without an end was killed.
create table lakeflow.pipeline_events (
  id bigint generated always as identity primary key,
  ts timestamptz not null,
  level text not null check (level in ('info', 'warn', 'error')),
  event_type text not null,
  message text not null,
  batch_id bigint,
  run_id bigint default nullif(current_setting('caspers.run_id', true), '')::bigint,
  details jsonb not null default '{}'
);
create index pipeline_events_notable on lakeflow.pipeline_events (id) where event_type <> 'batch_committed';
create index pipeline_events_run on lakeflow.pipeline_events (run_id, id);
