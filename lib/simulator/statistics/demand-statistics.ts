import { weekdayOf } from '../location/local-time.ts';
import type { LocationModel } from '../location/location-model.ts';
import { drawOrderTimes, planDay } from '../orders/demand.ts';

const QUARTER = 900_000;
const FOUR_WEEKS = 28;

/** Planned and created orders. */
export type PlannedAndCreated = { planned: number; created: number };

/** The orders of a location by quarter of an hour since opening, by day, and by weekday from Monday. */
export type DemandCounts = {
  quarters: PlannedAndCreated[];
  days: PlannedAndCreated[];
  weekdays: PlannedAndCreated[];
};

/** Draws the order times of the first `count` days of a location and compares them with the plan. */
export function countDemand(model: LocationModel, count: number): DemandCounts {
  const quarters: PlannedAndCreated[] = [];
  const days: PlannedAndCreated[] = [];
  const weekdays: PlannedAndCreated[] = Array.from({ length: 7 }, () => ({ planned: 0, created: 0 }));
  for (let day = model.startDay; day < model.startDay + count; day += 1) {
    const counts = countDay(model, day, quarters);
    days.push(counts);
    add(weekdays, weekdayOf(day), counts);
  }
  return { quarters, days, weekdays };
}

function countDay(model: LocationModel, day: number, quarters: PlannedAndCreated[]): PlannedAndCreated {
  const plan = planDay(model, day);
  if (!plan) return { planned: 0, created: 0 };
  const opening = plan.minutes[0]?.at ?? 0;
  const weight = plan.minutes.reduce((sum, minute) => sum + minute.weight, 0);
  const quarterOf = (at: number) => Math.floor((at - opening) / QUARTER);
  for (const minute of plan.minutes)
    add(quarters, quarterOf(minute.at), { planned: (plan.planned * minute.weight) / weight, created: 0 });
  let created = 0;
  for (const at of drawOrderTimes(model, day, plan)) {
    add(quarters, quarterOf(at), { planned: 0, created: 1 });
    created += 1;
  }
  return { planned: plan.planned, created };
}

function add(counts: PlannedAndCreated[], index: number, { planned, created }: PlannedAndCreated): void {
  const known = counts[index] ?? { planned: 0, created: 0 };
  counts[index] = { planned: known.planned + planned, created: known.created + created };
}

/**
 * The growth in percent from the first four weeks to the last four, planned and created, over at least 56 days. It
 * compares whole weeks, so that every weekday counts equally.
 */
export function measureGrowth(days: PlannedAndCreated[]): PlannedAndCreated {
  const [first, last] = [days.slice(0, FOUR_WEEKS), days.slice(-FOUR_WEEKS)];
  const growth = (key: keyof PlannedAndCreated) => {
    const sum = (counts: PlannedAndCreated[]) => counts.reduce((total, each) => total + each[key], 0);
    return (sum(last) / sum(first) - 1) * 100;
  };
  return { planned: growth('planned'), created: growth('created') };
}

export type ChiSquare = { chiSquare: number; freedom: number; critical: number };

/**
 * A chi-square test of the shape of the created orders against the plan, for the given total. Above `critical`, the
 * 99th percentile of the distribution (Wilson–Hilferty approximation), the shapes differ.
 */
export function testShape(counts: PlannedAndCreated[]): ChiSquare {
  const created = counts.reduce((sum, each) => sum + each.created, 0);
  const planned = counts.reduce((sum, each) => sum + each.planned, 0);
  const chiSquare = counts.reduce((sum, each) => {
    const expected = (created * each.planned) / planned;
    return sum + (each.created - expected) ** 2 / expected;
  }, 0);
  const freedom = counts.length - 1;
  const spread = 2 / (9 * freedom);
  return { chiSquare, freedom, critical: freedom * (1 - spread + 2.326 * Math.sqrt(spread)) ** 3 };
}
