import { silverDeliveryPhases } from '../silver/silver-delivery-phases.ts';
import { declareGold } from './declare-gold.ts';
import { growByHour, percentile } from './grow-by-hour.ts';

const name = 'gold_delivery_phases_hourly';
const key = ['hour_ts', 'location'];
const selected = {
  deliveries: 'count(*)',
  kitchen_deliveries: 'count(kitchen_minutes)',
  kitchen_p50: percentile(0.5, 'kitchen_minutes'),
  handover_deliveries: 'count(handover_minutes)',
  handover_p50: percentile(0.5, 'handover_minutes'),
  drive_deliveries: 'count(drive_minutes)',
  drive_p50: percentile(0.5, 'drive_minutes'),
};
const measured = Object.entries(selected).map(([column, sql]) => `${sql} as ${column}`);

export const goldDeliveryPhasesHourly = declareGold({
  name,
  grain:
    'one row per location and hour (UTC) of delivery; medians of the phases and how many deliveries tell each',
  key,
  from: silverDeliveryPhases,
  partitionedBy: 'hour_ts',
  window: null,
  measures: {
    ...({ deliveries: 'sum', kitchen_deliveries: 'sum', kitchen_p50: 'percentile' } as const),
    ...({ handover_deliveries: 'sum', handover_p50: 'percentile' } as const),
    ...({ drive_deliveries: 'sum', drive_p50: 'percentile' } as const),
  },
  growth: { sql: growByHour({ name, key, from: silverDeliveryPhases, selected }) },
  body: () => `
    select
      location,
      date_trunc('hour', delivered_ts) as hour_ts,
      ${measured.join(',\n      ')}
    from silver_delivery_phases
    group by location, date_trunc('hour', delivered_ts)`,
});
