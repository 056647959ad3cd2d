import { silverOrderItems } from '../silver/silver-order-items.ts';
import { declareGold } from './declare-gold.ts';

export const goldLocationSalesHourly = declareGold({
  name: 'gold_location_sales_hourly',
  grain: 'one row per location and hour (UTC) in which orders were created',
  key: ['hour_ts', 'location'],
  from: silverOrderItems,
  partitionedBy: 'hour_ts',
  window: 'hour_ts',
  measures: { orders: 'count_distinct', revenue: 'sum' },
  growth: 'merge',
  body: (countDistinct) => `
    select
      location,
      date_trunc('hour', order_ts) as hour_ts,
      ${countDistinct('order_id', 'orders')},
      sum(extended_price) as revenue
    from silver_order_items
    group by location, date_trunc('hour', order_ts)`,
});
