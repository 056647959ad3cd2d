-- Rows of one day stand in one partition: bronze and silver lines by day, what is aggregated from them by month.
-- A partition is made in the transaction of the batch that first brings rows for it (docs/decisions/0009).

-- Every event that ever came, by a hash of its event_id: what makes an event count once, whatever its ts, and for
-- longer than its day is kept.
create table lakeflow.event_keys (
  key uuid primary key
);

create function lakeflow.event_key(event_id text) returns uuid
language sql immutable strict parallel safe
return md5(event_id)::uuid;

-- SILVER: one row per order of which any event came, with its first creation and its first delivery; what makes an
-- order's lines come once, and the days in which its events lie (UTC)
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

-- Makes the partition of `parent` that holds `day` (UTC), unless it is there. Rows of that time which stand in the
-- default partition, because the day was not believed before, move into it. Returns whether it was made.
create function lakeflow.add_partition(parent regclass, day date) returns boolean
language plpgsql
as $$
declare
  bare constant name := (select relname from pg_class where oid = parent);
  monthly constant boolean := starts_with(bare, 'gold_');
  start constant date := case when monthly then date_trunc('month', day)::date else day end;
  stop constant date := case when monthly then (start + interval '1 month')::date else start + 1 end;
  fresh constant name := bare || to_char(start, case when monthly then '_YYYYMM' else '_YYYYMMDD' end);
  rest constant name := bare || '_default';
  moving constant name := bare || '_moving';
  cut record;
  bounds text[];
  misplaced boolean;
begin
  if to_regclass('lakeflow.' || quote_ident(fresh)) is not null then
    return false;
  end if;
  select attname, atttypid = 'timestamptz'::regtype as is_time into cut
  from pg_partitioned_table
  join pg_attribute on attrelid = partrelid and attnum = partattrs[0]
  where partrelid = parent;
  bounds := case when cut.is_time then array[start || ' 00:00+00', stop || ' 00:00+00'] else array[start, stop]::text[] end;
  execute format('select exists (select from lakeflow.%1$I where %2$I >= %3$L and %2$I < %4$L)',
    rest, cut.attname, bounds[1], bounds[2]) into misplaced;
  if misplaced then
    execute format('alter table %s detach partition lakeflow.%I', parent, rest);
    execute format('alter table lakeflow.%I rename to %I', rest, moving);
  end if;
  execute format('create table lakeflow.%I (like %s including all)', fresh, parent);
  execute format('alter table %s attach partition lakeflow.%I for values from (%L) to (%L)',
    parent, fresh, bounds[1], bounds[2]);
  perform lakeflow.protect_partition(parent, fresh);
  if misplaced then
    execute format('create table lakeflow.%I partition of %s default', rest, parent);
    perform lakeflow.protect_partition(parent, rest);
    execute format('insert into %1$s (%2$s) select %2$s from lakeflow.%3$I', parent, (
      select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
      where attrelid = parent and attnum > 0 and not attisdropped and attgenerated = ''), moving);
    execute format('drop table lakeflow.%I', moving);
  end if;
  return true;
end
$$;

-- Bronze is append-only under the name of each of its partitions too.
create function lakeflow.protect_partition(parent regclass, partition name) returns void
language plpgsql
as $$
begin
  if parent = 'lakeflow.all_events'::regclass then
    execute format(
      'create trigger append_only before update or delete or truncate on lakeflow.%I
       for each statement execute function public.refuse_change()', partition);
  end if;
end
$$;

-- Makes the partitions that hold these days in every table that is partitioned. Returns how many were made.
create function lakeflow.add_partitions(days date[]) returns bigint
language sql
return (
  select count(*) filter (where lakeflow.add_partition(partrelid, day))
  from pg_partitioned_table
  join pg_class on pg_class.oid = partrelid and relnamespace = 'lakeflow'::regnamespace
  cross join unnest(days) as day
);

-- The tables as they were step aside, with their rows.
create schema lakeflow_before;
alter table lakeflow.all_events set schema lakeflow_before;
alter table lakeflow.silver_order_items set schema lakeflow_before;
alter table lakeflow.gold_order_header set schema lakeflow_before;
alter table lakeflow.gold_item_sales_day set schema lakeflow_before;
alter table lakeflow.gold_brand_sales_day set schema lakeflow_before;
alter table lakeflow.gold_location_sales_hourly set schema lakeflow_before;
alter table lakeflow.gold_delivery_times_hourly set schema lakeflow_before;

-- BRONZE: one row per event, as it came; lakeflow.event_keys holds its key
create table lakeflow.all_events (like lakeflow_before.all_events including constraints) partition by range (ts);
create index all_events_order on lakeflow.all_events (order_id);

-- SILVER: lakeflow.silver_orders sees to it that the lines of an order come once
create table lakeflow.silver_order_items (
  like lakeflow_before.silver_order_items including constraints,
  primary key (order_id, line_no, order_day)
) partition by range (order_day);

create table lakeflow.gold_order_header (
  like lakeflow_before.gold_order_header including constraints,
  primary key (order_id, order_day)
) partition by range (order_day);

create table lakeflow.gold_item_sales_day (
  like lakeflow_before.gold_item_sales_day including constraints,
  unique nulls not distinct (day, item_id, menu_id, category_id, brand_id)
) partition by range (day);

create table lakeflow.gold_brand_sales_day (
  like lakeflow_before.gold_brand_sales_day including constraints including generated,
  unique nulls not distinct (day, brand_id)
) partition by range (day);

create table lakeflow.gold_location_sales_hourly (
  like lakeflow_before.gold_location_sales_hourly including constraints including generated,
  unique nulls not distinct (hour_ts, location)
) partition by range (hour_ts);

create table lakeflow.gold_delivery_times_hourly (
  like lakeflow_before.gold_delivery_times_hourly including constraints,
  unique nulls not distinct (hour_ts, location)
) partition by range (hour_ts);

create trigger all_events_append_only before update or delete or truncate on lakeflow.all_events
for each statement execute function public.refuse_change();

do $$
declare
  parent regclass;
begin
  for parent in
    select partrelid from pg_partitioned_table
    join pg_class on pg_class.oid = partrelid and relnamespace = 'lakeflow'::regnamespace
  loop
    execute format('create table lakeflow.%I partition of %s default',
      (select relname from pg_class where oid = parent) || '_default', parent);
  end loop;
  perform lakeflow.protect_partition('lakeflow.all_events', 'all_events_default');
end
$$;

-- Older days stay in the default partition: one transaction cannot lock any number of tables.
select lakeflow.add_partitions(array_agg(day))
from (
  select distinct (ts at time zone 'UTC')::date as day
  from lakeflow_before.all_events
  where ts < now() + interval '1 day'
  order by day desc
  limit 400
) as days;

insert into lakeflow.event_keys
select lakeflow.event_key(event_id) from lakeflow_before.all_events;

insert into lakeflow.silver_orders (
  order_id, first_day, last_day, gk_id, location, location_id, created_ts, created_batch, delivered_ts, delivered_batch)
with created as (
  select distinct on (order_id) *
  from lakeflow_before.all_events
  where event_type = 'order_created'
  order by order_id, batch_id, ts, event_id
),
delivered as (
  select distinct on (order_id) *
  from lakeflow_before.all_events
  where event_type = 'delivered'
  order by order_id, batch_id, ts, event_id
),
days as (
  select order_id, min((ts at time zone 'UTC')::date) as first_day, max((ts at time zone 'UTC')::date) as last_day
  from lakeflow_before.all_events
  group by order_id
)
select
  order_id, first_day, last_day, created.gk_id, created.location, created.location_id,
  created.ts, created.batch_id, delivered.ts, delivered.batch_id
from days
left join created using (order_id)
left join delivered using (order_id);

insert into lakeflow.all_events select * from lakeflow_before.all_events;
insert into lakeflow.silver_order_items select * from lakeflow_before.silver_order_items;
insert into lakeflow.gold_order_header select * from lakeflow_before.gold_order_header;
insert into lakeflow.gold_item_sales_day select * from lakeflow_before.gold_item_sales_day;
insert into lakeflow.gold_brand_sales_day (brand_id, day, items_sold, brand_revenue, orders_sketch)
select brand_id, day, items_sold, brand_revenue, orders_sketch from lakeflow_before.gold_brand_sales_day;
insert into lakeflow.gold_location_sales_hourly (location, hour_ts, revenue, orders_sketch)
select location, hour_ts, revenue, orders_sketch from lakeflow_before.gold_location_sales_hourly;
insert into lakeflow.gold_delivery_times_hourly select * from lakeflow_before.gold_delivery_times_hourly;

set local client_min_messages = warning;
drop schema lakeflow_before cascade;
reset client_min_messages;
