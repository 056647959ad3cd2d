import { type Scenario, type ScenarioName, STORM } from './scenario.ts';

type Interval = { from: number; to: number };

/** What the scenarios of a location do to its course. Instants are epoch ms. Nothing before a scenario's start changes. */
export type Disruptions = {
  /** When work of `ms` is done that is begun at `at`: it rests while the kitchen stands still. */
  work(at: number, ms: number): number;
  /** When a driver comes who would have come at `at`: after a strike they come one after the other. */
  attend(at: number): number;
  /** How many times the usual demand there is in the minute that begins at `at`. */
  demand(at: number): number;
  /** How many times as long a drive takes that begins at `at`. */
  drive(at: number): number;
  /** The scenario in which every event comes again. */
  duplicates(at: number): string | undefined;
};

export const calm: Disruptions = {
  work: (at, ms) => at + ms,
  attend: (at) => at,
  demand: () => 1,
  drive: () => 1,
  duplicates: () => undefined,
};

/** After a strike, drivers come over half its length. */
const RETURN_SHARE = 0.5;

export function createDisruptions(scenarios: Scenario[]): Disruptions {
  if (scenarios.length === 0) return calm;
  const of = (name: ScenarioName) => listIntervals(scenarios, name);
  const [outages, strikes, storms] = [of('kitchen-outage'), of('driver-strike'), of('storm')];
  const doubled = of('duplicate-storm');
  return {
    work: (at, ms) => workAround(outages, at, ms),
    attend: (at) =>
      strikes.reduce(
        (due, { from, to }) => (holds({ from, to }, due) ? to + (due - from) * RETURN_SHARE : due),
        at,
      ),
    demand: (at) => (storms.some((storm) => holds(storm, at)) ? STORM.demand : 1),
    drive: (at) => (storms.some((storm) => holds(storm, at)) ? STORM.drive : 1),
    duplicates: (at) => (doubled.some((storm) => holds(storm, at)) ? 'duplicate-storm' : undefined),
  };
}

const holds = ({ from, to }: Interval, at: number) => from <= at && at < to;

/** By their begin; those that touch or overlap are one. */
function listIntervals(scenarios: Scenario[], name: ScenarioName): Interval[] {
  const intervals = scenarios
    .filter((scenario) => scenario.name === name)
    .map(({ start, length_ms }) => ({ from: Date.parse(start), to: Date.parse(start) + length_ms }))
    .sort((one, other) => one.from - other.from);
  return intervals.reduce<Interval[]>((joined, next) => {
    const last = joined.at(-1);
    if (last && next.from <= last.to) last.to = Math.max(last.to, next.to);
    else joined.push(next);
    return joined;
  }, []);
}

function workAround(closed: Interval[], at: number, ms: number): number {
  let [now, left] = [at, ms];
  for (const { from, to } of closed) {
    if (to <= now) continue;
    if (now + left < from) break;
    left -= Math.max(0, from - now);
    now = to;
  }
  return now + left;
}
