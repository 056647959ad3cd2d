import { silverDeliveries } from '../silver/silver-deliveries.ts';
import { declareGold } from './declare-gold.ts';
import { growByHour } from './grow-by-hour.ts';

const name = 'gold_delivery_histogram_hourly';
const key = ['hour_ts', 'location', 'minute'];
const selected = { minute: 'cast(floor(delivery_minutes) as bigint)', deliveries: 'count(*)' };

/** Unlike percentiles, its rows add up over hours and locations: any range has its distribution, to the minute. */
export const goldDeliveryHistogramHourly = declareGold({
  name,
  grain: 'one row per location, hour (UTC) of delivery and full minute from created to delivered',
  key,
  from: silverDeliveries,
  partitionedBy: 'hour_ts',
  window: null,
  measures: { deliveries: 'sum' },
  growth: { sql: growByHour({ name, key, from: silverDeliveries, selected }) },
  body: () => `
    select
      location,
      date_trunc('hour', delivered_ts) as hour_ts,
      ${selected.minute} as minute,
      ${selected.deliveries} as deliveries
    from silver_deliveries
    group by location, date_trunc('hour', delivered_ts), ${selected.minute}`,
});
