import { UsageError } from '#lib/errors.ts';
import { readDimensions } from './dimensions/read-dimensions.ts';
import type { Row } from './dimensions/tables.ts';
import type { FaultRates } from './faults/kinds.ts';
import type { Simulation } from './open-location.ts';
import {
  runOverVolume,
  type SimulateReport,
  type SimulateTools,
  type TimeOptions,
} from './run-over-volume.ts';
import type { ScenarioWish } from './scenarios/scenario.ts';
import { sortScenarios } from './scenarios/sort-scenarios.ts';
import { openSimulation } from './simulation.ts';

export type SimulateOptions = TimeOptions & {
  /** Where the event files go. */
  volume: string;
  /** The directories of the dimension files and of the location configs. */
  dimensions: string;
  configs: string;
  /** A location's code, several with commas between, or "all". */
  location: string;
  /** How far before the clock a new volume begins. */
  days: number;
  seed?: number | undefined;
  /** What befalls events from here on. */
  faults?: FaultRates | undefined;
  /** What happens to locations at their time. */
  scenarios?: ScenarioWish[] | undefined;
  /** The file of a road network for the one location of this run. */
  roads?: string | undefined;
};

/**
 * Writes the orders of one or all locations up to the clock, then, live, goes on with it. After an interruption it
 * continues where the files end. @throws UsageError, OperatorError as the parts say.
 */
export async function simulate(options: SimulateOptions, tools: SimulateTools): Promise<SimulateReport[]> {
  const { locations, planAt } = await planLocations(options);
  const open = async (now: Date) => {
    const simulations: Simulation[] = [];
    for (const plan of planAt(now)) simulations.push(await openSimulation(plan));
    return simulations;
  };
  return runOverVolume({ ...options, locations, open }, tools);
}

/** The locations of a run, and how each is opened when the clock stands at an instant. */
export async function planLocations(options: SimulateOptions) {
  const dimensions = await readDimensions(options.dimensions);
  const chosen = chooseLocations(dimensions.locations, options.location);
  const locations = chosen.map((row) => row.location_code);
  const scenarios = sortScenarios(options.scenarios ?? [], locations);
  if (options.roads !== undefined && chosen.length > 1)
    throw new UsageError('--roads is for one location: name it with --location.');
  const planAt = (now: Date) => {
    const begin = new Date(now.getTime() - options.days * 86_400_000);
    return chosen.map((location) => ({ ...options, dimensions, location, begin, scenarios }));
  };
  return { locations, planAt };
}

function chooseLocations(locations: Row<'locations'>[], wanted: string): Row<'locations'>[] {
  if (wanted === 'all' && locations.length > 0) return locations;
  const codes = wanted.split(',').map((code) => code.trim());
  const known = locations.map((row) => row.location_code);
  const unknown = codes.find((code) => !known.includes(code));
  if (unknown !== undefined)
    throw new UsageError(`There is no location "${unknown}". Choose one of ${known.join(', ')}, or all.`);
  return locations.filter((row) => codes.includes(row.location_code));
}
