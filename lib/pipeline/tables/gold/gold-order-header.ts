import { silverOrderItems } from '../silver/silver-order-items.ts';
import { declareGold } from './declare-gold.ts';

export const goldOrderHeader = declareGold({
  name: 'gold_order_header',
  grain: 'one row per order',
  key: ['order_id'],
  attributes: ['gk_id', 'location', 'location_id', 'order_day'],
  from: silverOrderItems,
  partitionedBy: 'order_day',
  window: null,
  measures: { order_revenue: 'sum', total_qty: 'sum', total_items: 'sum', brands_in_order: 'set' },
  growth: 'insert',
  body: () => `
    select
      order_id, gk_id, location, location_id, order_day,
      sum(extended_price) as order_revenue,
      sum(qty) as total_qty,
      count(*) as total_items,
      array_agg(distinct brand_id) filter (where brand_id is not null) as brands_in_order
    from silver_order_items
    group by order_id, gk_id, location, location_id, order_day`,
});
