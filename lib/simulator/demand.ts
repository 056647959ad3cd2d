import { distributions, type Source } from '#lib/random.ts';
import { type LocalDay, type Quarter, weekdayOf } from './local-time.ts';
import type { LocationConfig } from './location-config.ts';

/** How much demand a minute of the local day draws, where an ordinary open minute draws 1. */
export function demandAt(localMinute: number, config: LocationConfig): number {
  return config.demand_peaks.reduce((sum, { from_hour, to_hour, times }) => {
    const x = (localMinute / 60 - from_hour) / (to_hour - from_hour);
    return x > 0 && x < 1 ? sum + (times - 1) * Math.sin(Math.PI * x) ** 2 : sum;
  }, 1);
}

export type Growth = { base_orders_day: number | null; growth_rate_daily: number | null };

/** Orders that a day is planned for, before noise; `index` counts the days since the simulation's start. */
export function plannedOrders(day: LocalDay, index: number, growth: Growth, config: LocationConfig): number {
  const base = growth.base_orders_day ?? 0;
  const factor = config.weekday_factors[weekdayOf(day)] ?? 1;
  return base * (1 + (growth.growth_rate_daily ?? 0)) ** index * factor;
}

export type Minute = { at: number; weight: number };

/** The open minutes of a day with the demand that each draws. */
export function weighMinutes(quarters: Quarter[], config: LocationConfig): Minute[] {
  return quarters.flatMap(({ at, localMinute }) =>
    Array.from({ length: 15 }, (_, minute) => ({
      at: at + minute * 60_000,
      weight: demandAt(localMinute + minute + 0.5, config),
    })),
  );
}

/**
 * Poisson arrivals over the minutes, `expected` of them on average: instants in epoch ms, ascending.
 * An exponential share of demand passes between one and the next.
 */
export function* drawArrivals(minutes: Minute[], expected: number, source: Source): Generator<number> {
  const next = distributions(source).exponential(1);
  const perWeight = expected / minutes.reduce((sum, minute) => sum + minute.weight, 0);
  let wait = next();
  for (const { at, weight } of minutes) {
    const demand = weight * perWeight;
    let passed = wait;
    while (passed < demand) {
      yield at + Math.floor((passed / demand) * 60_000);
      passed += next();
    }
    wait = passed - demand;
  }
}
