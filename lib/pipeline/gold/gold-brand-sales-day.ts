import { type Dataset, refreshWith } from '../dataset.ts';

const sql = `
-- grain: one row per brand and day; an order of two brands counts for both
insert into lakeflow.gold_brand_sales_day as gold (
  brand_id, day, items_sold, brand_revenue, orders_sketch)
select
  brand_id, order_day as day,
  sum(qty) as items_sold,
  sum(extended_price) as brand_revenue,
  lakeflow.hll_of(array_agg(lakeflow.hll_hash(order_id))) as orders_sketch
from pg_temp.added_order_items
group by brand_id, order_day
on conflict (day, brand_id) do update set
  items_sold = gold.items_sold + excluded.items_sold,
  brand_revenue = gold.brand_revenue + excluded.brand_revenue,
  orders_sketch = lakeflow.hll_union(gold.orders_sketch, excluded.orders_sketch)`;

export const goldBrandSalesDay: Dataset = {
  name: 'gold_brand_sales_day',
  layer: 'gold',
  grain: 'one row per brand and day',
  reads: ['lakeflow.silver_order_items'],
  expectations: [],
  refresh: refreshWith(sql),
};
