import type { Dataset } from '../dataset/dataset.ts';

type HourlyTable = {
  name: string;
  key: readonly string[];
  from: Dataset;
  /** What is selected of the deliveries of an hour, by the name of its column; `deliveries` is among them. */
  selected: Readonly<Record<string, string>>;
};

/**
 * The statement that grows a table of deliveries by location and hour: each hour with a new or a replaced delivery is
 * computed whole, because percentiles do not add up. Selected columns of the key tell the rows of an hour apart.
 */
export function growByHour({ name, key, from, selected }: HourlyTable): string {
  const columns = Object.keys(selected);
  const grouped = columns.filter((column) => key.includes(column)).map((column) => selected[column]);
  const set = columns.filter((column) => !key.includes(column));
  const hour = (location: string) => `
    select *
    from lakeflow.${from.name} as delivery
    where ${location}
      and delivery.delivered_ts >= touched.hour_ts
      and delivery.delivered_ts < touched.hour_ts + interval '1 hour'`;
  return `
with touched as (
  select distinct location, date_trunc('hour', delivered_ts) as hour_ts
  from (select * from pg_temp.${from.added} union all select * from pg_temp.${from.removed}) as changed
)
insert into lakeflow.${name} as gold (location, hour_ts, ${columns.join(', ')})
select touched.location, touched.hour_ts, ${columns.map((column) => `measured.${column}`).join(', ')}
from touched
cross join lateral (
  select ${columns.map((column) => `${selected[column]} as ${column}`).join(', ')}
  from (${hour('delivery.location = touched.location')}
    union all${hour('touched.location is null and delivery.location is null')}
  ) as hour
  ${grouped.length > 0 ? `group by ${grouped.join(', ')}` : ''}
) as measured
where measured.deliveries > 0
on conflict (${key.join(', ')}) do update set
  ${set.map((column) => `${column} = excluded.${column}`).join(', ')}`;
}

/** SQL: a percentile of a column of minutes, null where no row has it. */
export const percentile = (part: number, column: string): string =>
  `percentile_cont(${part}) within group (order by ${column})`;
