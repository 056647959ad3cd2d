import { silverDeliveries } from '../silver/silver-deliveries.ts';
import { declareGold } from './declare-gold.ts';

const touchedHours = `
-- grain: one row per location and hour (UTC) of delivery; minutes from created to delivered
with touched as (
  select distinct location, date_trunc('hour', delivered_ts) as hour_ts
  from (select * from pg_temp.added_deliveries union all select * from pg_temp.removed_deliveries) as changed
)
insert into lakeflow.gold_delivery_times_hourly as gold (location, hour_ts, deliveries, p50, p75, p99)
select touched.location, touched.hour_ts, times.deliveries, times.p[1], times.p[2], times.p[3]
from touched
cross join lateral (
  -- percentiles do not add up, so each hour with a new or a replaced delivery is computed whole
  select
    count(*) as deliveries,
    percentile_cont(array[0.5, 0.75, 0.99]) within group (order by delivery_minutes) as p
  from (
    select delivery_minutes
    from lakeflow.silver_deliveries as delivery
    where delivery.location = touched.location
      and delivery.delivered_ts >= touched.hour_ts
      and delivery.delivered_ts < touched.hour_ts + interval '1 hour'
    union all
    select delivery_minutes
    from lakeflow.silver_deliveries as delivery
    where touched.location is null and delivery.location is null
      and delivery.delivered_ts >= touched.hour_ts
      and delivery.delivered_ts < touched.hour_ts + interval '1 hour'
  ) as hour
) as times
where times.deliveries > 0
on conflict (hour_ts, location) do update set
  deliveries = excluded.deliveries, p50 = excluded.p50, p75 = excluded.p75, p99 = excluded.p99`;

export const goldDeliveryTimesHourly = declareGold({
  name: 'gold_delivery_times_hourly',
  grain: 'one row per location and hour (UTC) of delivery; minutes from created to delivered',
  key: ['hour_ts', 'location'],
  from: silverDeliveries,
  partitionedBy: 'hour_ts',
  window: null,
  measures: { deliveries: 'sum', p50: 'percentile', p75: 'percentile', p99: 'percentile' },
  growth: { sql: touchedHours },
  body: () => `
    select
      location,
      date_trunc('hour', delivered_ts) as hour_ts,
      count(*) as deliveries,
      percentile_cont(0.5) within group (order by delivery_minutes) as p50,
      percentile_cont(0.75) within group (order by delivery_minutes) as p75,
      percentile_cont(0.99) within group (order by delivery_minutes) as p99
    from silver_deliveries
    group by location, date_trunc('hour', delivered_ts)`,
});
