import { distributions, type Source } from '#lib/random.ts';
import { type LocalDay, type OpenMinute, weekdayOf } from './local-time.ts';
import type { LocationConfig } from './location-config.ts';

/** How much demand a minute of the local day draws, where an ordinary open minute draws 1. */
export function demandAt(localMinute: number, config: LocationConfig): number {
  return config.demand_peaks.reduce((sum, { from_hour, to_hour, times }) => {
    const x = (localMinute / 60 - from_hour) / (to_hour - from_hour);
    return x > 0 && x < 1 ? sum + (times - 1) * Math.sin(Math.PI * x) ** 2 : sum;
  }, 1);
}

export type Growth = { base_orders_day: number | null; growth_rate_daily: number | null };

/**
 * Orders that a day is planned for, before noise: the config's line where it has one, else the location's
 * `base · (1 + rate)^index`. `index` counts the days since the simulation's start.
 */
export function plannedOrders(day: LocalDay, index: number, growth: Growth, config: LocationConfig): number {
  const factor = config.weekday_factors[weekdayOf(day)] ?? 1;
  return (onTheLine(index, config) ?? compounded(index, growth)) * factor;
}

/** A straight line over the config's days from `orders_day_1` to `orders_last`, and level from then on. */
function onTheLine(index: number, config: LocationConfig): number | undefined {
  const { orders_day_1: first, orders_last: last, start_days_ago, end_days_ahead } = config;
  if (first === undefined || last === undefined) return undefined;
  const days = (start_days_ago ?? 0) + (end_days_ahead ?? 0);
  return first + (last - first) * Math.min(1, index / Math.max(1, days - 1));
}

function compounded(index: number, { base_orders_day, growth_rate_daily }: Growth): number {
  return (base_orders_day ?? 0) * (1 + (growth_rate_daily ?? 0)) ** index;
}

/** `surge` is how many times its usual demand the minute has. */
export type Minute = { at: number; weight: number; surge?: number };

/** The open minutes of a day with the demand that each draws. */
export function weighMinutes(minutes: OpenMinute[], config: LocationConfig): Minute[] {
  return minutes.map(({ at, localMinute }) => ({ at, weight: demandAt(localMinute + 0.5, config) }));
}

/**
 * Poisson arrivals over the minutes, `expected` of them on average where there is no surge: instants in epoch ms, ascending.
 * An exponential share of demand passes between one and the next.
 */
export function* drawArrivals(minutes: Minute[], expected: number, source: Source): Generator<number> {
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
