import { weekdayOf } from '../local-time.ts';
import { drawCreations, planDay } from '../plan-day.ts';
import type { World } from '../world.ts';

const QUARTER = 900_000;

/** Planned and created orders, side by side. */
export type Pair = { planned: number; created: number };

/** What a location planned and what it got: by quarter of an hour since opening, by day, and by weekday from Monday. */
export type DemandTally = { quarters: Pair[]; days: Pair[]; weekdays: Pair[] };

/** Draws the creations of the first `count` days of a world and sets them beside the plan. */
export function tallyDemand(world: World, count: number): DemandTally {
  const quarters: Pair[] = [];
  const days: Pair[] = [];
  const weekdays: Pair[] = Array.from({ length: 7 }, () => ({ planned: 0, created: 0 }));
  for (let day = world.startDay; day < world.startDay + count; day += 1) {
    const pair = tallyDay(world, day, quarters);
    days.push(pair);
    add(weekdays, weekdayOf(day), pair);
  }
  return { quarters, days, weekdays };
}

function tallyDay(world: World, day: number, quarters: Pair[]): Pair {
  const plan = planDay(world, day);
  if (!plan) return { planned: 0, created: 0 };
  const opening = plan.minutes[0]?.at ?? 0;
  const weight = plan.minutes.reduce((sum, minute) => sum + minute.weight, 0);
  const quarterOf = (at: number) => Math.floor((at - opening) / QUARTER);
  for (const minute of plan.minutes)
    add(quarters, quarterOf(minute.at), { planned: (plan.planned * minute.weight) / weight, created: 0 });
  let created = 0;
  for (const at of drawCreations(world, day, plan)) {
    add(quarters, quarterOf(at), { planned: 0, created: 1 });
    created += 1;
  }
  return { planned: plan.planned, created };
}

function add(pairs: Pair[], index: number, { planned, created }: Pair): void {
  const known = pairs[index] ?? { planned: 0, created: 0 };
  pairs[index] = { planned: known.planned + planned, created: known.created + created };
}
