-- The facts of an order, and what shows that they have changed (docs/decisions/0051).

-- An order's creation and its delivery are those with the smallest (ts, event_id), whatever the batches were. The
-- batch of either is the one that brought it, so `facts_batch` is the last batch that changed created, delivered,
-- lines or total.
alter table lakeflow.silver_orders
  add column created_event_id text,
  add column delivered_event_id text,
  add column facts_batch bigint generated always as (greatest(created_batch, delivered_batch)) stored;
update lakeflow.silver_orders as known set
  created_event_id = (
    select min(event_id collate "C") from lakeflow.all_events as event
    where event.order_id = known.order_id and event.event_type = 'order_created'
      and event.ts = known.created_ts and event.batch_id = known.created_batch),
  delivered_event_id = (
    select min(event_id collate "C") from lakeflow.all_events as event
    where event.order_id = known.order_id and event.event_type = 'delivered'
      and event.ts = known.delivered_ts and event.batch_id = known.delivered_batch);
create index silver_orders_facts on lakeflow.silver_orders (facts_batch, order_id);
-- the orders that wait for their delivery, by which the recommender finds those that have waited too long
create index silver_orders_undelivered on lakeflow.silver_orders (location, created_ts)
  where delivered_ts is null and created_ts is not null;

-- The newest accepted event of each location: a location whose own events stop is silent, however far others are.
create table lakeflow.location_activity (
  location text primary key,
  newest_event_ts timestamptz not null,
  batch_id bigint not null
);
insert into lakeflow.location_activity (location, newest_event_ts, batch_id)
select location, max(ts), max(batch_id)
from (
  select location, ts, batch_id from lakeflow.all_events
  union all
  select location, greatest(created_ts, delivered_ts), facts_batch
  from lakeflow.silver_orders where facts_batch is not null
) as activity
where location is not null
group by location;

-- The order that a record in quarantine names, where that can be read. While it waits, the order is not settled.
alter table lakeflow.quarantined_records add column order_id text;
update lakeflow.quarantined_records
set order_id = substring(raw from '"order_id"[[:space:]]*:[[:space:]]*"([^"\\]{1,200})"')
where raw_encoding = 'text';
create index quarantined_records_waiting_order on lakeflow.quarantined_records (order_id)
  where order_id is not null and replayed_at is null and dropped_at is null;

-- What a recommendation is based on: {"created_at", "delivered_at" or null, "promised_at" or null, "total", "lines"}.
alter table recommender.refund_recommendations add column facts jsonb;
alter table recommender.pg_recommendations add column facts jsonb;
