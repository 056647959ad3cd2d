import { type Dataset, refreshWith } from '../dataset.ts';

const sql = `
-- grain: one row per order; its lines come all at once, so a row is never changed
insert into lakeflow.gold_order_header (
  order_id, gk_id, location, location_id, order_day, order_revenue, total_qty, total_items, brands_in_order)
select
  order_id, gk_id, location, location_id, order_day,
  sum(extended_price) as order_revenue,
  sum(qty) as total_qty,
  count(*) as total_items,
  coalesce(
    array_agg(distinct brand_id order by brand_id) filter (where brand_id is not null), '{}'
  ) as brands_in_order
from pg_temp.added_order_items
group by order_id, gk_id, location, location_id, order_day`;

export const goldOrderHeader: Dataset = {
  name: 'gold_order_header',
  layer: 'gold',
  grain: 'one row per order',
  reads: ['lakeflow.silver_order_items'],
  expectations: [],
  refresh: refreshWith(sql),
};
