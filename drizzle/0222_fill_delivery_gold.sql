-- The deliveries that came before the tables of their phases and their distribution: a dashboard shows them without a
-- rebuild. Hours that a batch has computed since are whole already.
-- needs: lakeflow.protect_partition, lakeflow.add_partition

-- the months of the plausible days, which the table of delivery times has already
select lakeflow.add_partition('lakeflow.gold_delivery_histogram_hourly', month.day),
  lakeflow.add_partition('lakeflow.gold_delivery_phases_hourly', month.day)
from (
  select distinct date_trunc('month', hour_ts at time zone 'UTC')::date as day
  from lakeflow.gold_delivery_times_hourly
  where tableoid <> 'lakeflow.gold_delivery_times_hourly_default'::regclass
) as month;

insert into lakeflow.gold_delivery_histogram_hourly (hour_ts, location, minute, deliveries)
select date_trunc('hour', delivered_ts, 'UTC'), location, floor(delivery_minutes)::bigint, count(*)
from lakeflow.silver_deliveries
group by 1, 2, 3
on conflict (hour_ts, location, minute) do nothing;

insert into lakeflow.gold_delivery_phases_hourly (
  hour_ts, location, deliveries, kitchen_deliveries, kitchen_p50, handover_deliveries, handover_p50,
  drive_deliveries, drive_p50)
select date_trunc('hour', delivered_ts, 'UTC'), location, count(*),
  count(kitchen_minutes), percentile_cont(0.5) within group (order by kitchen_minutes),
  count(handover_minutes), percentile_cont(0.5) within group (order by handover_minutes),
  count(drive_minutes), percentile_cont(0.5) within group (order by drive_minutes)
from lakeflow.silver_delivery_phases
group by 1, 2
on conflict (hour_ts, location) do nothing;
