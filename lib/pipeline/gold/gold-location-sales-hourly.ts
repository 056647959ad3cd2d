import { type Dataset, refreshWith } from '../dataset.ts';

const sql = `
-- grain: one row per location and hour (UTC) in which orders were created
insert into lakeflow.gold_location_sales_hourly as gold (location, hour_ts, revenue, orders_sketch)
select
  location, date_trunc('hour', order_ts, 'UTC') as hour_ts,
  sum(extended_price) as revenue,
  lakeflow.hll_of(array_agg(lakeflow.hll_hash(order_id))) as orders_sketch
from pg_temp.added_order_items
group by location, date_trunc('hour', order_ts, 'UTC')
on conflict (hour_ts, location) do update set
  revenue = gold.revenue + excluded.revenue,
  orders_sketch = lakeflow.hll_union(gold.orders_sketch, excluded.orders_sketch)`;

export const goldLocationSalesHourly: Dataset = {
  name: 'gold_location_sales_hourly',
  layer: 'gold',
  grain: 'one row per location and hour',
  reads: ['lakeflow.silver_order_items'],
  expectations: [],
  refresh: refreshWith(sql),
};
