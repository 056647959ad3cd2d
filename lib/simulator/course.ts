import type { EventStream } from './event-stream.ts';
import { openHazards } from './faults/hazards.ts';
import type { Hazards } from './faults/inject.ts';
import type { FaultRates } from './faults/kinds.ts';
import { createDisruptions, type Disruptions } from './scenarios/disruptions.ts';
import type { Scenario, ScenarioName } from './scenarios/scenario.ts';
import { openWindows, type Windows } from './windows.ts';

/** What a location's files follow from: its events, made or recorded, and what is to befall them. */
export type Course = {
  volume: string;
  location: string;
  seed: number;
  dq: Hazards['dq'];
  rates: FaultRates;
  /** The scenarios that can happen to these events. */
  possible: readonly ScenarioName[];
  open(disruptions: Disruptions, position: number): EventStream;
};

/** Opens a location's files after `position` (epoch ms), as its scenarios and faults make them. */
export async function openCourse(course: Course, scenarios: Scenario[], position: number): Promise<Windows> {
  const disruptions = createDisruptions(scenarios);
  const doubled = scenarios.some(({ name }) => name === 'duplicate-storm');
  const duplicatesAt = doubled ? disruptions.duplicates : undefined;
  const hazards = await openHazards({ ...course, position, duplicatesAt });
  return openWindows((from) => course.open(disruptions, from), position, hazards);
}
