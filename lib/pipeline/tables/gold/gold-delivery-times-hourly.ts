import { silverDeliveries } from '../silver/silver-deliveries.ts';
import { declareGold } from './declare-gold.ts';
import { growByHour, percentile } from './grow-by-hour.ts';

const name = 'gold_delivery_times_hourly';
const key = ['hour_ts', 'location'];
const selected = {
  deliveries: 'count(*)',
  p50: percentile(0.5, 'delivery_minutes'),
  p75: percentile(0.75, 'delivery_minutes'),
  p99: percentile(0.99, 'delivery_minutes'),
};

export const goldDeliveryTimesHourly = declareGold({
  name,
  grain: 'one row per location and hour (UTC) of delivery; minutes from created to delivered',
  key,
  from: silverDeliveries,
  partitionedBy: 'hour_ts',
  window: null,
  measures: { deliveries: 'sum', p50: 'percentile', p75: 'percentile', p99: 'percentile' },
  growth: { sql: growByHour({ name, key, from: silverDeliveries, selected }) },
  body: () => `
    select
      location,
      date_trunc('hour', delivered_ts) as hour_ts,
      ${selected.deliveries} as deliveries,
      ${selected.p50} as p50,
      ${selected.p75} as p75,
      ${selected.p99} as p99
    from silver_deliveries
    group by location, date_trunc('hour', delivered_ts)`,
});
