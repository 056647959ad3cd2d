import { UsageError } from '#lib/errors.ts';
import { type Course, openCourse } from './course.ts';
import { removeOrphans } from './faults/manifest.ts';
import { removeLeftovers } from './position.ts';
import { addScenarios } from './scenarios/keep-scenarios.ts';
import type { Scenario } from './scenarios/scenario.ts';
import type { Windows } from './windows.ts';

/** Counts of what a run wrote of one location. */
export type Written = { orders: number; events: number; files: number };

/** A location's simulation over a volume: all events up to `position` (epoch ms) are written. */
export type Simulation = {
  location: string;
  /** What its events follow from, for people. */
  origin: string;
  seed: number;
  position: number;
  /** Whether the volume already held this location. */
  continued: boolean;
  /** The end of the newest file, in epoch ms; windows without events leave none. */
  filed: number;
  scenarios: Scenario[];
  windows: Windows;
  written: Written;
  /** Lets a scenario happen that begins after `position`. @throws UsageError where it does not fit. */
  disturb(scenario: Scenario): Promise<void>;
};

type LocationPlan = {
  course: Course;
  origin: string;
  /** The first instant of a volume that does not know the location yet, and the end of its newest file, in epoch ms. */
  start: number;
  found: number | undefined;
  continued: boolean;
  wanted: Scenario[];
};

/** Opens a location where its files end. What a killed run left half done is removed. */
export async function openLocation(plan: LocationPlan): Promise<Simulation> {
  const { course, origin, start, found, continued, wanted } = plan;
  const { volume, location, seed } = course;
  const position = found ?? start;
  await removeLeftovers(volume, location);
  await removeOrphans(volume, location, position);
  const scenarios = await addScenarios(volume, location, position, wanted);
  const simulation: Simulation = {
    location,
    origin,
    seed,
    position,
    filed: position,
    continued,
    scenarios,
    windows: await openCourse(course, scenarios, position),
    written: { orders: 0, events: 0, files: 0 },
    async disturb(scenario) {
      if (!course.possible.includes(scenario.name))
        throw new UsageError(
          `${scenario.name} cannot happen to a replay, only ${course.possible.join(', ')}.`,
        );
      simulation.scenarios = await addScenarios(volume, location, simulation.position, [scenario]);
      simulation.windows = await openCourse(course, simulation.scenarios, simulation.filed);
    },
  };
  return simulation;
}
