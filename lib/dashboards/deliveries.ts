import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { count, date, double, instant, nullable, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import {
  addDays,
  countDays,
  type DashboardQuery,
  type DeliveryDashboard,
  type DeliveryTotals,
} from '#lib/contract/dashboards.ts';

const DAYS = 7;

/** Days in UTC, both inclusive; all locations where it is null. */
const range = { from: date, to: date, location: nullable(text) };

const findLastDay = statement({
  returns: { day: nullable(date) },
  sql: () => sql`
    -- one row: the day of the newest delivery; partitions are read from the newest
    select (max(hour_ts) at time zone 'UTC')::date as day from lakeflow.gold_delivery_times_hourly`,
});

const listHours = statement({
  params: range,
  returns: {
    hourTs: instant,
    location: nullable(text),
    deliveries: count,
    p50: double,
    p75: double,
    p99: double,
    kitchenDeliveries: count,
    kitchenP50: nullable(double),
    handoverDeliveries: count,
    handoverP50: nullable(double),
    driveDeliveries: count,
    driveP50: nullable(double),
  },
  sql: ({ from, to, location }) => sql`
    -- one row per location and hour with deliveries
    select
      times.hour_ts, times.location, times.deliveries, times.p50, times.p75, times.p99,
      coalesce(phases.kitchen_deliveries, 0) as kitchen_deliveries, phases.kitchen_p50,
      coalesce(phases.handover_deliveries, 0) as handover_deliveries, phases.handover_p50,
      coalesce(phases.drive_deliveries, 0) as drive_deliveries, phases.drive_p50
    from (
      select * from lakeflow.gold_delivery_times_hourly
      where hour_ts >= ${from}::date::timestamp at time zone 'UTC'
        and hour_ts < (${to}::date + 1)::timestamp at time zone 'UTC'
        and (${location}::text is null or location = ${location})
    ) as times
    left join (
      select * from lakeflow.gold_delivery_phases_hourly
      where hour_ts >= ${from}::date::timestamp at time zone 'UTC'
        and hour_ts < (${to}::date + 1)::timestamp at time zone 'UTC'
    ) as phases
      -- a null location is a value like any other; coalesce keeps the join one of equal values
      on phases.hour_ts = times.hour_ts
        and coalesce(phases.location, '') = coalesce(times.location, '')
        and (phases.location is null) = (times.location is null)
    order by times.hour_ts, times.location`,
});

const listMinutes = statement({
  params: range,
  returns: { minute: count, deliveries: count },
  sql: ({ from, to, location }) => sql`
    -- one row per full minute that any delivery took
    select minute, sum(deliveries)::bigint as deliveries
    from lakeflow.gold_delivery_histogram_hourly
    where hour_ts >= ${from}::date::timestamp at time zone 'UTC'
      and hour_ts < (${to}::date + 1)::timestamp at time zone 'UTC'
      and (${location}::text is null or location = ${location})
    group by minute
    order by minute`,
});

type Minutes = DeliveryDashboard['distribution'];
/** Of a database without any delivery, such as that of a console whose lakehouse is another one. */
const unknown: DeliveryTotals = { deliveries: null, p50: null, p75: null, p99: null };
type Range = { from: string; to: string; location: string | null };

/** How long deliveries took in a range of days: the whole range, the one before, each hour, and the distribution. */
export async function getDeliveryDashboard(db: Database, query: DashboardQuery): Promise<DeliveryDashboard> {
  const location = query.location ?? null;
  const lastDay = (await findLastDay(db.pool, {}))[0]?.day ?? null;
  if (lastDay === null) {
    const { from = null, to = null } = query;
    return { from, to, location, totals: unknown, before: unknown, hours: [], distribution: [] };
  }
  const days = findDays(query, lastDay);
  const asked: Range = { ...days, location };
  const length = countDays(days.from, days.to);
  const earlier = { ...asked, from: addDays(days.from, -length), to: addDays(days.to, -length) };
  const [hours, distribution, before] = await Promise.all([
    listHours(db.pool, asked),
    listMinutes(db.pool, asked),
    listMinutes(db.pool, earlier),
  ]);
  return { ...asked, totals: summarize(distribution), before: summarize(before), hours, distribution };
}

function findDays({ from, to }: DashboardQuery, lastDay: string): { from: string; to: string } {
  if (from !== undefined) return { from, to: to ?? addDays(from, DAYS - 1) };
  const last = to ?? lastDay;
  return { from: addDays(last, 1 - DAYS), to: last };
}

function summarize(minutes: Minutes): DeliveryTotals {
  const deliveries = minutes.reduce((sum, row) => sum + row.deliveries, 0);
  const percentile = (part: number) => readPercentile(minutes, deliveries, part);
  return { deliveries, p50: percentile(0.5), p75: percentile(0.75), p99: percentile(0.99) };
}

/**
 * A percentile as `percentile_cont` defines it, read from counts by full minute in ascending order: within one minute of
 * that of the single deliveries, which are taken as spread evenly over their minute. Null without deliveries.
 */
export function readPercentile(minutes: Minutes, deliveries: number, part: number): number | null {
  if (deliveries === 0) return null;
  const place = part * (deliveries - 1);
  const lower = minutesAt(minutes, Math.floor(place));
  const upper = minutesAt(minutes, Math.ceil(place));
  return lower + (upper - lower) * (place - Math.floor(place));
}

/** About how many minutes the delivery at a place took, the fastest being at 0. */
function minutesAt(minutes: Minutes, place: number): number {
  let before = 0;
  for (const { minute, deliveries } of minutes) {
    if (place < before + deliveries) return minute + (place - before + 0.5) / deliveries;
    before += deliveries;
  }
  throw new RangeError(`There is no delivery at place ${place}.`);
}
