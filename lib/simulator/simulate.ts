import { UsageError } from '#lib/errors.ts';
import { readDimensions } from './dimensions/read-dimensions.ts';
import type { Row } from './dimensions/tables.ts';
import type { FaultRates } from './faults/fault-kinds.ts';
import {
  runOverVolume,
  type SimulateReport,
  type SimulateTools,
  type TimeOptions,
} from './live/run-over-volume.ts';
import { openSimulation } from './open-simulation.ts';
import { assignScenarios, type ScenarioRequest } from './scenarios/scenario.ts';
import type { LocationRun } from './writer/location-run.ts';

export type SimulateOptions = TimeOptions & {
  /** The directory of the event files. */
  volume: string;
  /** The directories of the dimension files and of the location configs. */
  dimensions: string;
  configs: string;
  /** The code of a location, several separated by commas, or "all". */
  location: string;
  /** How many days before the clock a new volume begins. */
  days: number;
  seed?: number | undefined;
  /** The fault rates from here on. */
  faults?: FaultRates | undefined;
  scenarios?: ScenarioRequest[] | undefined;
  /** A road network file, for a run with one location. */
  roads?: string | undefined;
};

/**
 * Writes the orders of one or more locations up to the clock and, if live, continues with it. After an interruption it
 * continues where the files end.
 * @throws UsageError for invalid options, OperatorError for invalid data or a volume that cannot be written.
 */
export async function simulate(options: SimulateOptions, tools: SimulateTools): Promise<SimulateReport[]> {
  const { locations, planAt } = await planLocations(options);
  const open = async (now: Date) => {
    const runs: LocationRun[] = [];
    for (const params of planAt(now)) runs.push(await openSimulation(params));
    return runs;
  };
  return runOverVolume({ ...options, locations, open }, tools);
}

/** The locations of a run, and how each is opened when the clock shows an instant. */
export async function planLocations(options: SimulateOptions) {
  const dimensions = await readDimensions(options.dimensions);
  const selected = selectLocations(dimensions.locations, options.location);
  const locations = selected.map((row) => row.location_code);
  const scenarios = assignScenarios(options.scenarios ?? [], locations);
  if (options.roads !== undefined && selected.length > 1)
    throw new UsageError('--roads is for one location: name it with --location.');
  const planAt = (now: Date) => {
    const begin = new Date(now.getTime() - options.days * 86_400_000);
    return selected.map((location) => ({ ...options, dimensions, location, begin, scenarios }));
  };
  return { locations, planAt };
}

function selectLocations(locations: Row<'locations'>[], requested: string): Row<'locations'>[] {
  if (requested === 'all' && locations.length > 0) return locations;
  const codes = requested.split(',').map((code) => code.trim());
  const known = locations.map((row) => row.location_code);
  const unknown = codes.find((code) => !known.includes(code));
  if (unknown !== undefined)
    throw new UsageError(`There is no location "${unknown}". Choose one of ${known.join(', ')}, or all.`);
  return locations.filter((row) => codes.includes(row.location_code));
}
