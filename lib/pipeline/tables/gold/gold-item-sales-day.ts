import { silverOrderItems } from '../silver/silver-order-items.ts';
import { declareGold } from './declare-gold.ts';

export const goldItemSalesDay = declareGold({
  name: 'gold_item_sales_day',
  grain: 'one row per item and day',
  key: ['day', 'item_id', 'menu_id', 'category_id', 'brand_id'],
  from: silverOrderItems,
  partitionedBy: 'day',
  window: null,
  measures: { units_sold: 'sum', gross_revenue: 'sum' },
  growth: 'merge',
  body: () => `
    select
      item_id, menu_id, category_id, brand_id,
      order_day as day,
      sum(qty) as units_sold,
      sum(extended_price) as gross_revenue
    from silver_order_items
    group by item_id, menu_id, category_id, brand_id, order_day`,
});
