import { openEventStream } from './event-stream.ts';
import { openHazards } from './faults/hazards.ts';
import type { FaultRates } from './faults/kinds.ts';
import { createDisruptions } from './scenarios/disruptions.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { openWindows, type Windows } from './windows.ts';
import type { World } from './world.ts';

export type Course = { volume: string; world: World; rates: FaultRates };

/** Opens a location's files after `position` (epoch ms), as its scenarios and faults make them. */
export async function openCourse(
  { volume, world, rates }: Course,
  scenarios: Scenario[],
  position: number,
): Promise<Windows> {
  const disruptions = createDisruptions(scenarios);
  const { seed, config, location } = world;
  const doubled = scenarios.some(({ name }) => name === 'duplicate-storm');
  const hazards = await openHazards({
    volume,
    location: location.location_code,
    position,
    seed,
    dq: config.dq ?? {},
    rates,
    duplicatesAt: doubled ? disruptions.duplicates : undefined,
  });
  return openWindows((from) => openEventStream({ ...world, disruptions }, from), position, hazards);
}
