import { type Dataset, refreshWith } from '../dataset.ts';

const sql = `
-- grain: one row per item and day
insert into lakeflow.gold_item_sales_day as gold (
  item_id, menu_id, category_id, brand_id, day, units_sold, gross_revenue)
select
  item_id, menu_id, category_id, brand_id, order_day as day,
  sum(qty) as units_sold,
  sum(extended_price) as gross_revenue
from pg_temp.added_order_items
group by item_id, menu_id, category_id, brand_id, order_day
on conflict (day, item_id, menu_id, category_id, brand_id) do update set
  units_sold = gold.units_sold + excluded.units_sold,
  gross_revenue = gold.gross_revenue + excluded.gross_revenue`;

export const goldItemSalesDay: Dataset = {
  name: 'gold_item_sales_day',
  layer: 'gold',
  grain: 'one row per item and day',
  reads: ['lakeflow.silver_order_items'],
  expectations: [],
  refresh: refreshWith(sql),
};
