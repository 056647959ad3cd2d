import { silverOrderItems } from '../silver/silver-order-items.ts';
import { declareGold } from './declare-gold.ts';

export const goldBrandSalesDay = declareGold({
  name: 'gold_brand_sales_day',
  grain: 'one row per brand and day; an order of two brands counts for both',
  key: ['day', 'brand_id'],
  from: silverOrderItems,
  partitionedBy: 'day',
  window: 'day',
  measures: { orders: 'count_distinct', items_sold: 'sum', brand_revenue: 'sum' },
  growth: 'merge',
  body: (countDistinct) => `
    select
      brand_id,
      order_day as day,
      ${countDistinct('order_id', 'orders')},
      sum(qty) as items_sold,
      sum(extended_price) as brand_revenue
    from silver_order_items
    group by brand_id, order_day`,
});
