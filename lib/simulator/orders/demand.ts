import { distributions, type Source, stream } from '#lib/random.ts';
import { listOpenBrands, type OpenBrand } from '../location/brands.ts';
import { type LocalDay, listOpenMinutes, type OpenMinute, weekdayOf } from '../location/local-time.ts';
import type { LocationConfig } from '../location/location-config.ts';
import type { LocationModel } from '../location/location-model.ts';

/** The relative demand in a minute of the local day; outside the peaks it is 1. */
export function demandAt(localMinute: number, config: LocationConfig): number {
  return config.demand_peaks.reduce((sum, { from_hour, to_hour, times }) => {
    const x = (localMinute / 60 - from_hour) / (to_hour - from_hour);
    return x > 0 && x < 1 ? sum + (times - 1) * Math.sin(Math.PI * x) ** 2 : sum;
  }, 1);
}

export type BaseDemand = { base_orders_day: number | null; growth_rate_daily: number | null };

/**
 * The planned orders of a day, before noise: on the config's straight line if it has one, else the location's
 * `base · (1 + rate)^index`. `index` counts the days since the start of the simulation.
 */
export function plannedOrders(
  day: LocalDay,
  index: number,
  base: BaseDemand,
  config: LocationConfig,
): number {
  const factor = config.weekday_factors[weekdayOf(day)] ?? 1;
  return (linearOrders(index, config) ?? compoundOrders(index, base)) * factor;
}

/** A straight line over the config's days from `orders_day_1` to `orders_last`, level after that. */
function linearOrders(index: number, config: LocationConfig): number | undefined {
  const { orders_day_1: first, orders_last: last, start_days_ago, end_days_ahead } = config;
  if (first === undefined || last === undefined) return undefined;
  const days = (start_days_ago ?? 0) + (end_days_ahead ?? 0);
  return first + (last - first) * Math.min(1, index / Math.max(1, days - 1));
}

function compoundOrders(index: number, { base_orders_day, growth_rate_daily }: BaseDemand): number {
  return (base_orders_day ?? 0) * (1 + (growth_rate_daily ?? 0)) ** index;
}

/** An open minute with its relative demand. `surge` multiplies that demand, and adds orders to the day. */
export type DemandMinute = { at: number; weight: number; surge?: number };

/** The relative demand of each open minute of a day. */
export function weighMinutes(minutes: OpenMinute[], config: LocationConfig): DemandMinute[] {
  return minutes.map(({ at, localMinute }) => ({ at, weight: demandAt(localMinute + 0.5, config) }));
}

/**
 * Poisson arrivals over the minutes, on average `expected` of them without surges: instants in epoch ms, ascending.
 * The demand between two arrivals is exponentially distributed.
 */
export function* drawArrivals(minutes: DemandMinute[], expected: number, source: Source): Generator<number> {
  const next = distributions(source).exponential(1);
  const perWeight = expected / minutes.reduce((sum, minute) => sum + minute.weight, 0);
  let wait = next();
  for (const { at, weight, surge = 1 } of minutes) {
    const demand = weight * perWeight * surge;
    let passed = wait;
    while (passed < demand) {
      yield at + Math.floor((passed / demand) * 60_000);
      passed += next();
    }
    wait = passed - demand;
  }
}

/** The expectation for one business day: its open brands and minutes, and its orders before noise. */
export type DayPlan = { open: OpenBrand[]; minutes: DemandMinute[]; planned: number };

/** Plans a day; undefined where no order is possible on it. The day before the first is planned like the first. */
export function planDay(
  { config, location, placements, startDay }: LocationModel,
  day: LocalDay,
): DayPlan | undefined {
  const index = Math.max(0, day - startDay);
  const open = listOpenBrands(placements, index);
  const minutes = weighMinutes(listOpenMinutes(day, location), config);
  const planned = plannedOrders(day, index, location, config);
  if (open.length === 0 || minutes.length === 0 || planned <= 0) return undefined;
  return { open, minutes, planned };
}

/** The creation times of a day's orders (epoch ms) in ascending order, with the day's noise and surges. */
export function drawOrderTimes(
  { seed, location, config, disruptions }: LocationModel,
  day: LocalDay,
  { minutes, planned }: DayPlan,
): Generator<number> {
  const arrivals = stream(seed, location.location_code, day, 'arrivals');
  const noise = 1 + ((2 * arrivals() - 1) * config.noise_pct) / 100;
  const surging = minutes.map((minute) => ({ ...minute, surge: disruptions.demandFactor(minute.at) }));
  return drawArrivals(surging, planned * noise, arrivals);
}
