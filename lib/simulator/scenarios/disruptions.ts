import type { Scenario, ScenarioName } from './scenario.ts';

type Interval = { from: number; to: number };

/** The effects of a location's scenarios. Instants are epoch ms. Nothing before the start of a scenario changes. */
export type Disruptions = {
  /** When `ms` of kitchen work that begins at `at` is done; work pauses during an outage. */
  workUntil(at: number, ms: number): number;
  /** When a driver due at `at` arrives; after a strike the delayed drivers arrive one after the other. */
  driverAvailableAt(at: number): number;
  /** The multiple of the usual demand in the minute that begins at `at`. */
  demandFactor(at: number): number;
  /** The multiple of the usual length of a drive that begins at `at`. */
  driveFactor(at: number): number;
  /** The scenario that repeats every event at `at`, if there is one. */
  duplicatesAt(at: number): string | undefined;
};

export const noDisruptions: Disruptions = {
  workUntil: (at, ms) => at + ms,
  driverAvailableAt: (at) => at,
  demandFactor: () => 1,
  driveFactor: () => 1,
  duplicatesAt: () => undefined,
};

export const STORM_FACTORS = { demand: 1.6, drive: 1.8 };
/** After a strike, the delayed drivers arrive within this share of its length. */
const RETURN_SHARE = 0.5;

export function createDisruptions(scenarios: Scenario[]): Disruptions {
  if (scenarios.length === 0) return noDisruptions;
  const intervalsOf = (name: ScenarioName) => mergeIntervals(scenarios, name);
  const outages = intervalsOf('kitchen-outage');
  const strikes = intervalsOf('driver-strike');
  const storms = intervalsOf('storm');
  const duplicateStorms = intervalsOf('duplicate-storm');
  return {
    workUntil: (at, ms) => workAround(outages, at, ms),
    driverAvailableAt: (at) =>
      strikes.reduce(
        (due, strike) => (contains(strike, due) ? strike.to + (due - strike.from) * RETURN_SHARE : due),
        at,
      ),
    demandFactor: (at) => (isInside(storms, at) ? STORM_FACTORS.demand : 1),
    driveFactor: (at) => (isInside(storms, at) ? STORM_FACTORS.drive : 1),
    duplicatesAt: (at) => (isInside(duplicateStorms, at) ? 'duplicate-storm' : undefined),
  };
}

const contains = ({ from, to }: Interval, at: number) => from <= at && at < to;
const isInside = (intervals: Interval[], at: number) => intervals.some((each) => contains(each, at));

/** The intervals of one kind of scenario in ascending order; those that touch or overlap are merged. */
function mergeIntervals(scenarios: Scenario[], name: ScenarioName): Interval[] {
  const intervals = scenarios
    .filter((scenario) => scenario.name === name)
    .map(({ start, length_ms }) => ({ from: Date.parse(start), to: Date.parse(start) + length_ms }))
    .sort((one, other) => one.from - other.from);
  return intervals.reduce<Interval[]>((merged, next) => {
    const last = merged.at(-1);
    if (last && next.from <= last.to) last.to = Math.max(last.to, next.to);
    else merged.push(next);
    return merged;
  }, []);
}

function workAround(outages: Interval[], at: number, ms: number): number {
  let [now, left] = [at, ms];
  for (const { from, to } of outages) {
    if (to <= now) continue;
    if (now + left < from) break;
    left -= Math.max(0, from - now);
    now = to;
  }
  return now + left;
}
