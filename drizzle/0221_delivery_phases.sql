-- When an order was first ready and first picked up, and the phases of deliveries that follow
-- (docs/decisions/0075-delivery-phases.md). `npm run pipeline -- rebuild` fills the gold tables with what came before.

alter table lakeflow.silver_orders
  add column ready_ts timestamptz,
  add column picked_up_ts timestamptz;
update lakeflow.silver_orders as known set ready_ts = border.ready_ts, picked_up_ts = border.picked_up_ts
from (
  select order_id,
    min(ts) filter (where event_type = 'gk_ready') as ready_ts,
    min(ts) filter (where event_type = 'driver_picked_up') as picked_up_ts
  from lakeflow.all_events
  where event_type in ('gk_ready', 'driver_picked_up')
  group by order_id
) as border
where border.order_id = known.order_id;

-- SILVER: one row per order that was created and delivered; the minutes of a phase are null where the event at either
-- of its ends is missing, or comes in the wrong order
create table lakeflow.silver_delivery_phases (
  order_id text primary key,
  location text,
  delivered_ts timestamptz not null,
  kitchen_minutes double precision check (kitchen_minutes >= 0),
  handover_minutes double precision check (handover_minutes >= 0),
  drive_minutes double precision check (drive_minutes >= 0)
);
insert into lakeflow.silver_delivery_phases
select order_id, location, delivered_ts,
  case when ready_ts >= created_ts then extract(epoch from ready_ts - created_ts)::double precision / 60 end,
  case when picked_up_ts >= ready_ts then extract(epoch from picked_up_ts - ready_ts)::double precision / 60 end,
  case when delivered_ts >= picked_up_ts then extract(epoch from delivered_ts - picked_up_ts)::double precision / 60 end
from lakeflow.silver_orders
where created_ts is not null and delivered_ts is not null;
create index silver_delivery_phases_location on lakeflow.silver_delivery_phases (location, delivered_ts);

-- GOLD: one row per location, hour of delivery (UTC) and full minute from created to delivered; its rows add up
create table lakeflow.gold_delivery_histogram_hourly (
  location text,
  hour_ts timestamptz not null,
  minute bigint not null,
  deliveries bigint not null,
  unique nulls not distinct (hour_ts, location, minute)
) partition by range (hour_ts);
create table lakeflow.gold_delivery_histogram_hourly_default
  partition of lakeflow.gold_delivery_histogram_hourly default;

-- GOLD: one row per location and hour of delivery (UTC): medians in minutes, each with how many deliveries tell it
create table lakeflow.gold_delivery_phases_hourly (
  location text,
  hour_ts timestamptz not null,
  deliveries bigint not null,
  kitchen_deliveries bigint not null,
  kitchen_p50 double precision,
  handover_deliveries bigint not null,
  handover_p50 double precision,
  drive_deliveries bigint not null,
  drive_p50 double precision,
  unique nulls not distinct (hour_ts, location)
) partition by range (hour_ts);
create table lakeflow.gold_delivery_phases_hourly_default partition of lakeflow.gold_delivery_phases_hourly default;
